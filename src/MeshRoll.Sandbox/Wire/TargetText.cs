using System.Buffers;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>The target of a request line as path and parameters, decoded. In a path + is a plus, in a query it is a blank.</summary>
internal static class TargetText
{
    /// <summary>Reads <c>/path?query</c>, or the same behind <c>http://host</c> as proxies are sent it.</summary>
    public static (string Path, KeyValuePair<string, string>[] Query) Read(ReadOnlySpan<byte> target)
    {
        if (target[0] != '/') target = AfterAuthority(target);
        var mark = target.IndexOf((byte)'?');
        return mark < 0 ? (Decode(target, false), []) : (Decode(target[..mark], false), ReadQuery(target[(mark + 1)..]));
    }

    private static ReadOnlySpan<byte> AfterAuthority(ReadOnlySpan<byte> target)
    {
        if (target.SequenceEqual("*"u8)) return target;
        var scheme = target.IndexOf("://"u8);
        if (scheme <= 0) throw new HttpProblem(400, "malformed request target");
        var authority = target[(scheme + 3)..];
        var slash = authority.IndexOf((byte)'/');
        return slash < 0 ? "/"u8 : authority[slash..];
    }

    private static KeyValuePair<string, string>[] ReadQuery(ReadOnlySpan<byte> query)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (pair.IsEmpty) continue;

            var equals = pair.IndexOf((byte)'=');
            parameters.Add(equals < 0 ? new(Decode(pair, true), "") : new(Decode(pair[..equals], true), Decode(pair[(equals + 1)..], true)));
        }
        return [.. parameters];
    }

    private static string Decode(ReadOnlySpan<byte> text, bool isQuery)
    {
        if (text.IndexOf((byte)'%') < 0 && !(isQuery && text.Contains((byte)'+'))) return Encoding.UTF8.GetString(text);

        var rented = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '%')
                {
                    if (i + 2 >= text.Length || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) throw new HttpProblem(400, "malformed percent-encoding");
                    rented[length++] = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                    i += 2;
                }
                else rented[length++] = isQuery && text[i] == '+' ? (byte)' ' : text[i];
            }
            return Encoding.UTF8.GetString(rented, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsHex(byte character) => char.IsAsciiHexDigit((char)character);

    private static int Hex(byte character) => character <= '9' ? character - '0' : (character | 0x20) - 'a' + 10;
}
