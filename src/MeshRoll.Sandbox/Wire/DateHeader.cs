using System.Globalization;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The Date header, written once a second and not once an answer.</summary>
internal sealed class DateHeader(TimeProvider clock)
{
    private Line _line = new(-1, []);

    /// <summary>The whole line, its end included.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            var now = clock.GetUtcNow();
            var second = now.Ticks / TimeSpan.TicksPerSecond;
            var line = _line;
            if (line.Second != second)
                _line = line = new(second, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Date: {now:R}\r\n")));
            return line.Bytes;
        }
    }

    private sealed record Line(long Second, byte[] Bytes);
}
