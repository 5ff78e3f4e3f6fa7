using System.Globalization;

namespace MeshRoll.Core.Sidecars;

/// <summary>Which of two sidecar versions is newer, where that can be told: only the words of a reason depend on it, never a verdict.</summary>
public static class VersionOrder
{
    /// <summary>Whether <paramref name="version"/> is newer than <paramref name="other"/>, by their leading dotted numbers; false when that cannot be told.</summary>
    public static bool IsNewer(string version, string other)
    {
        var left = Numbers(version);
        var right = Numbers(other);
        if (left.Count == 0 || right.Count == 0) return false;
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var difference = (i < left.Count ? left[i] : 0).CompareTo(i < right.Count ? right[i] : 0);
            if (difference != 0) return difference > 0;
        }
        return false;
    }

    // "v2.14.1" and "stable-2.14.1" (Linkerd) begin with their channel.
    private static List<int> Numbers(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        List<int> numbers = [];
        var start = version.AsSpan().IndexOfAnyInRange('0', '9');
        if (start < 0) return numbers;
        foreach (var part in version[start..].Split('.'))
        {
            var length = part.AsSpan().IndexOfAnyExceptInRange('0', '9');
            if (!int.TryParse(length < 0 ? part : part[..length], CultureInfo.InvariantCulture, out var number)) break;
            numbers.Add(number);
            if (length >= 0) break;
        }
        return numbers;
    }
}
