using System.Text;

namespace MeshRoll.Kubernetes.Tests.Transport;

/// <summary>Reads HTTP/1.1 requests off a stream.</summary>
internal sealed class HttpReader(Stream stream)
{
    private readonly List<byte> _buffer = [];

    public async Task<SeenRequest?> ReadAsync(string? clientSubject, CancellationToken cancellationToken)
    {
        int end;
        while ((end = EndOfHead()) < 0)
        {
            if (!await FillAsync(cancellationToken))
                return null;
        }

        var lines = Encoding.UTF8.GetString([.. _buffer.Take(end)]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        _buffer.RemoveRange(0, end);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].Trim();
            var name = line[..colon];
            headers[name] = headers.TryGetValue(name, out var before) ? $"{before}|{value}" : value;
        }

        var length = headers.TryGetValue("Content-Length", out var text) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        while (_buffer.Count < length)
        {
            if (!await FillAsync(cancellationToken))
                return null;
        }

        var body = Encoding.UTF8.GetString([.. _buffer.Take(length)]);
        _buffer.RemoveRange(0, length);
        var first = lines[0].Split(' ');
        return new(first[0], first[1], headers, body, clientSubject);
    }

    /// <summary>What was read beyond the last request.</summary>
    public byte[] Rest => [.. _buffer];

    private int EndOfHead()
    {
        for (var i = 3; i < _buffer.Count; i++)
        {
            if (_buffer[i] == '\n' && _buffer[i - 1] == '\r' && _buffer[i - 2] == '\n')
                return i + 1;
        }

        return -1;
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        var chunk = new byte[8192];
        var read = await stream.ReadAsync(chunk, cancellationToken);
        _buffer.AddRange(chunk.AsSpan(0, read).ToArray());
        return read > 0;
    }
}
