using System.Buffers;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Kubernetes quantities: a number with a unit such as <c>m</c>, <c>Mi</c> or <c>G</c> (apimachinery's api/resource).</summary>
internal static class Quantities
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly string[] Units = ["", "m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"];

    /// <summary>Whether it is a quantity, and not negative.</summary>
    public static bool IsValid(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept(Digits);
        var (number, unit) = digits < 0 ? (text, "") : (text[..digits], text[digits..]);
        return Units.Contains(unit) && number.Length > 0 && number[0] != '.' && number[^1] != '.' && number.Count(sign => sign == '.') <= 1;
    }
}
