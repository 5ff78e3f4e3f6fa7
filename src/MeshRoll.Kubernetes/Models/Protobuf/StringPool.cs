using System.Runtime.InteropServices;
using System.Text;

namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>
/// Gives the same string for the same bytes, mostly: ten thousand pods share a few hundred label keys, images and reasons.
/// It holds a fixed number of strings and forgets the older of two that want one place, so no answer can make it grow.
/// Safe to be used from several threads: a place is one reference, and strings do not change.
/// </summary>
internal sealed class StringPool
{
    private const int Places = 8192;
    private const int LongestKept = 4096;

    private readonly string?[] _strings = new string?[Places];

    /// <summary>The text of <paramref name="utf8"/>.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (utf8.Length > LongestKept) return Encoding.UTF8.GetString(utf8);

        ref var place = ref _strings[Hash(utf8) % Places];
        var known = place;
        // Text beyond ASCII never compares equal here and is made anew each time: rare enough.
        if (known is not null && known.Length == utf8.Length && Ascii.Equals(utf8, known)) return known;
        return place = Encoding.UTF8.GetString(utf8);
    }

    // Only chooses the place: equality is checked above. Long texts differ at their ends if anywhere.
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        const ulong prime = 0x9E3779B97F4A7C15;
        var hash = (ulong)utf8.Length * prime;
        if (utf8.Length > 128)
        {
            hash = Mix(hash, utf8[..64]);
            return Fold(Mix(hash, utf8[^64..]));
        }
        return Fold(Mix(hash, utf8));

        static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
        {
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) hash = (hash ^ word) * prime ^ (hash >> 29);
            foreach (var b in bytes[(bytes.Length & ~7)..]) hash = (hash ^ b) * prime ^ (hash >> 29);
            return hash;
        }

        static uint Fold(ulong hash) => (uint)((hash ^ (hash >> 31)) * prime >> 33);
    }
}
