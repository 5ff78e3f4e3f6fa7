using System.Globalization;

namespace MeshRoll.Sandbox.Wire;

/// <summary>A request's headers and what they mean for the connection. Immutable: requests that send the same headers share one.</summary>
internal sealed class RequestHeaders
{
    /// <summary>Takes headers as they were read and refuses those that leave the end of the request in doubt (RFC 9112, 6.3).</summary>
    public RequestHeaders(IReadOnlyDictionary<string, string> byName)
    {
        ByName = byName;
        IsChunked = ReadTransferEncoding(byName);
        ContentLength = ReadContentLength(byName);
        if (IsChunked && ContentLength is not null) throw new HttpProblem(400, "both Transfer-Encoding and Content-Length");

        AsksToClose = HasToken("Connection", "close");
        AsksToKeepAlive = HasToken("Connection", "keep-alive");
        ExpectsContinue = byName.TryGetValue("Expect", out var expectation) && expectation.Equals("100-continue", StringComparison.OrdinalIgnoreCase);
        AcceptsGzip = byName.TryGetValue("Accept-Encoding", out var encodings) && AcceptsEncoding(encodings, "gzip");
    }

    /// <summary>All of them, whatever the case of the name.</summary>
    public IReadOnlyDictionary<string, string> ByName { get; }

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked { get; }

    /// <summary>The body's length where it was said.</summary>
    public long? ContentLength { get; }

    /// <summary><c>Connection: close</c>.</summary>
    public bool AsksToClose { get; }

    /// <summary><c>Connection: keep-alive</c>.</summary>
    public bool AsksToKeepAlive { get; }

    /// <summary>Whether the client waits for a sign before it sends the body.</summary>
    public bool ExpectsContinue { get; }

    /// <summary>Whether the answer may be compressed.</summary>
    public bool AcceptsGzip { get; }

    /// <summary>Whether a header that is a list has this entry.</summary>
    public bool HasToken(string header, string token)
    {
        if (!ByName.TryGetValue(header, out var list)) return false;
        if (list.Equals(token, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries))
        {
            if (entry.Equals(token, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    private static bool ReadTransferEncoding(IReadOnlyDictionary<string, string> headers)
    {
        if (!headers.TryGetValue("Transfer-Encoding", out var encoding)) return false;
        return encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? true : throw new HttpProblem(501, $"Transfer-Encoding {encoding} is not supported");
    }

    private static long? ReadContentLength(IReadOnlyDictionary<string, string> headers)
    {
        if (!headers.TryGetValue("Content-Length", out var text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : throw new HttpProblem(400, "malformed Content-Length");
    }

    private static bool AcceptsEncoding(string list, string wanted)
    {
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            if (!parts[0].Equals(wanted, StringComparison.OrdinalIgnoreCase)) continue;
            return !(parts.Length > 1 && parts[1].StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && parts[1].AsSpan(3).Trim("0.").IsEmpty);
        }
        return false;
    }
}
