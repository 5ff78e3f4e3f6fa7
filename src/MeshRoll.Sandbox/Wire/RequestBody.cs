using System.Buffers;
using System.Buffers.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>Reads a request's body to its end: of a known length, or in chunks (RFC 9112, 7.1).</summary>
internal static class RequestBody
{
    /// <summary>No body is longer. A real API server takes 3 MB.</summary>
    public const int Limit = 8 * 1024 * 1024;

    private const int LongestLine = 4096;

    /// <summary>The body; empty when the head announces none. Null when the client hung up before its end.</summary>
    /// <param name="input">The connection.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="continueAsync">Sends the sign that a client with <c>Expect: 100-continue</c> waits for.</param>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(ConnectionInput input, RequestHeaders headers, Func<ValueTask> continueAsync)
    {
        var length = headers.ContentLength ?? 0;
        if (length > Limit) throw TooLarge();
        if (length == 0 && !headers.IsChunked) return ReadOnlyMemory<byte>.Empty;
        // One that sends at once in spite of its question needs no answer to it.
        if (headers.ExpectsContinue && input.Buffered.IsEmpty) await continueAsync();
        return headers.IsChunked ? await ReadChunksAsync(input) : await ReadLengthAsync(input, (int)length);
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadLengthAsync(ConnectionInput input, int length)
    {
        // Grows with what really comes: a length alone must not cost memory.
        var body = new ArrayBufferWriter<byte>(Math.Min(length, 64 * 1024));
        return await CopyAsync(input, body, length) ? body.WrittenMemory : null;
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadChunksAsync(ConnectionInput input)
    {
        var body = new ArrayBufferWriter<byte>();
        for (; ; )
        {
            if (await ReadLineAsync(input) is not { } sizeLine) return null;
            var size = ChunkSize(sizeLine);
            if (size == 0) break;
            if (body.WrittenCount + size > Limit) throw TooLarge();
            if (!await CopyAsync(input, body, (int)size)) return null;
            if (await ReadLineAsync(input) is not { } empty) return null;
            if (empty.Length > 0) throw new HttpProblem(400, "malformed chunk");
        }

        // Trailers: read past, nobody here needs them.
        for (var read = 0; ;)
        {
            if (await ReadLineAsync(input) is not { } trailer) return null;
            if (trailer.Length == 0) return body.WrittenMemory;
            read += trailer.Length;
            if (read > RequestHeadReader.Limit) throw new HttpProblem(431, "the trailers are too long");
        }
    }

    private static long ChunkSize(byte[] line)
    {
        var digits = line.AsSpan();
        if (digits.IndexOf((byte)';') is var extension and >= 0) digits = digits[..extension];
        digits = digits.TrimEnd(" \t"u8);
        var isSize = Utf8Parser.TryParse(digits, out long size, out var used, 'X') && used == digits.Length && digits.Length <= 8;
        return isSize && size >= 0 ? size : throw new HttpProblem(400, "malformed chunk size");
    }

    private static async ValueTask<bool> CopyAsync(ConnectionInput input, ArrayBufferWriter<byte> body, int count)
    {
        while (count > 0)
        {
            var part = input.Buffered;
            if (part.Length > count) part = part[..count];
            body.Write(part);
            count -= part.Length;
            input.Consume(part.Length);
            if (count > 0 && !await input.FillAsync()) return false;
        }
        return true;
    }

    private static async ValueTask<byte[]?> ReadLineAsync(ConnectionInput input)
    {
        for (; ; )
        {
            var buffered = input.Buffered;
            if (buffered.IndexOf((byte)'\n') is var end and >= 0)
            {
                var line = buffered[..end].TrimEnd((byte)'\r').ToArray();
                input.Consume(end + 1);
                return line;
            }
            if (buffered.Length > LongestLine) throw new HttpProblem(400, "malformed chunk");
            if (!await input.FillAsync()) return null;
        }
    }

    private static HttpProblem TooLarge() => new(413, $"request body too large: limit is {Limit}");
}
