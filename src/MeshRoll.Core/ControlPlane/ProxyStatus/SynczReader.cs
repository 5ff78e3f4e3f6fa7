using System.Buffers;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>Reads the body of <c>/debug/syncz</c> from wherever it comes, holding no more of it than one value.</summary>
internal static class SynczReader
{
    private const int FirstBuffer = 64 << 10;
    private const int LongestValue = 1 << 20;

    // A hundred thousand proxies with all their resources are some 200 MB.
    private const long LongestAnswer = 2L << 30;

    /// <summary>The next part of a body; 0 at its end.</summary>
    public delegate ValueTask<int> Source(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">It is no list of proxies, or has no end; the message goes into a longer sentence.</exception>
    public static async Task<IReadOnlyList<KnownProxy>> ReadAsync(Source source, IstiodPod istiod, CancellationToken cancellationToken)
    {
        var parser = new SynczParser(istiod);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            int held = 0;
            for (long total = 0; ;)
            {
                var count = await source(buffer.AsMemory(held), cancellationToken);
                held += count;
                total += count;
                if (total > LongestAnswer) throw new InvalidDataException($"it is longer than {LongestAnswer >> 30} GiB");

                var used = Parse(parser, buffer.AsSpan(0, held), isLast: count == 0);
                if (count == 0) return parser.Proxies;

                held -= used;
                buffer.AsSpan(used, held).CopyTo(buffer);
                if (held == buffer.Length) buffer = Grow(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Parse(SynczParser parser, ReadOnlySpan<byte> json, bool isLast)
    {
        try
        {
            return parser.Read(json, isLast);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            // The reader reports text that is not UTF-8 as InvalidOperationException.
            throw new InvalidDataException("it is not the JSON of istiod", e);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length >= LongestValue) throw new InvalidDataException($"a value of it is longer than {LongestValue >> 20} MiB");
        var bigger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(bigger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return bigger;
    }
}
