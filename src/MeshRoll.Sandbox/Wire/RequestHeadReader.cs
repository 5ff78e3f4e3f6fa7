using System.Buffers;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>
/// Reads the heads of one connection's requests (RFC 9112). Strict where leniency would let two readers see two different requests, lenient in
/// what is harmless: a bare line feed ends a line too, and empty lines before a request do not matter.
/// </summary>
internal sealed class RequestHeadReader
{
    /// <summary>No head is longer.</summary>
    public const int Limit = 64 * 1024;

    // The characters of a token, RFC 9110, 5.6.2.
    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // A client sends the same headers with almost every request: they are read once.
    private byte[] _lastBlock = [];
    private RequestHeaders? _lastHeaders;

    /// <summary>The length of the head with the empty line behind it, or -1 while it is incomplete.</summary>
    /// <param name="bytes">What has arrived.</param>
    public static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (bytes[at..].IndexOf((byte)'\n') is var feed and >= 0)
        {
            at += feed + 1;
            if (bytes.Length > at && bytes[at] == '\n') return at + 1;
            if (bytes.Length > at + 1 && bytes[at] == '\r' && bytes[at + 1] == '\n') return at + 2;
        }
        return -1;
    }

    /// <summary>How many bytes at the beginning are empty lines.</summary>
    public static int BlankPrefix(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        return end < 0 ? bytes.Length : end;
    }

    /// <summary>Reads one head, the empty line included.</summary>
    public RequestHead Read(ReadOnlySpan<byte> head)
    {
        var lineEnd = head.IndexOf((byte)'\n');
        var (method, path, query, isHttp10) = ReadRequestLine(Trimmed(head[..lineEnd]));
        var headers = ReadHeaders(head[(lineEnd + 1)..]);
        if (!isHttp10 && (!headers.ByName.TryGetValue("Host", out var host) || host.Contains(','))) throw new HttpProblem(400, "exactly one Host header is needed");
        return new() { Method = method, Path = path, Query = query, IsHttp10 = isHttp10, Headers = headers };
    }

    private static (string Method, string Path, KeyValuePair<string, string>[] Query, bool IsHttp10) ReadRequestLine(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1) throw new HttpProblem(400, "malformed request line");

        var method = line[..first];
        var target = line[(first + 1)..last];
        var version = line[(last + 1)..];
        if (method.IndexOfAnyExcept(Token) >= 0 || target.IndexOfAnyInRange((byte)0, (byte)' ') >= 0) throw new HttpProblem(400, "malformed request line");
        if (!version.StartsWith("HTTP/"u8)) throw new HttpProblem(400, "malformed HTTP version");
        var isHttp10 = version.SequenceEqual("HTTP/1.0"u8);
        if (!isHttp10 && !version.SequenceEqual("HTTP/1.1"u8)) throw new HttpProblem(505, "HTTP/1.1 is spoken here");

        var (path, query) = TargetText.Read(target);
        return (MethodName(method), path, query, isHttp10);
    }

    // Constants where possible: one string less for every request.
    private static string MethodName(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("GET"u8) ? "GET"
        : method.SequenceEqual("PATCH"u8) ? "PATCH"
        : method.SequenceEqual("POST"u8) ? "POST"
        : method.SequenceEqual("PUT"u8) ? "PUT"
        : method.SequenceEqual("DELETE"u8) ? "DELETE"
        : Encoding.ASCII.GetString(method);

    private RequestHeaders ReadHeaders(ReadOnlySpan<byte> block)
    {
        if (_lastHeaders is not null && block.SequenceEqual(_lastBlock)) return _lastHeaders;

        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var rest = block; ;)
        {
            var lineEnd = rest.IndexOf((byte)'\n');
            var line = Trimmed(rest[..lineEnd]);
            if (line.IsEmpty) break;
            AddHeader(byName, line);
            rest = rest[(lineEnd + 1)..];
        }
        _lastHeaders = new(byName);
        _lastBlock = block.ToArray();
        return _lastHeaders;
    }

    private static void AddHeader(Dictionary<string, string> headers, ReadOnlySpan<byte> line)
    {
        // A blank before the colon and a line that begins with one (the old folding) are the classic ways to hide a header.
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].IndexOfAnyExcept(Token) >= 0) throw new HttpProblem(400, "malformed header");
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.IndexOfAny((byte)0, (byte)'\r') >= 0) throw new HttpProblem(400, "malformed header");

        var name = Encoding.ASCII.GetString(line[..colon]);
        var text = Encoding.Latin1.GetString(value);
        headers[name] = headers.TryGetValue(name, out var earlier) ? $"{earlier}, {text}" : text;
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;
}
