using System.Globalization;
using System.Text.Json;

namespace MeshRoll.Sandbox.Objects;

/// <summary>Amounts of resources as the API writes them: <c>250m</c>, <c>1.5</c>, <c>64Mi</c>, <c>2e3</c> (apimachinery's api/resource).</summary>
internal static class Quantity
{
    private static readonly Dictionary<string, decimal> Suffixes = new(StringComparer.Ordinal)
    {
        ["n"] = 0.000_000_001m,
        ["u"] = 0.000_001m,
        ["m"] = 0.001m,
        [""] = 1,
        ["k"] = 1_000m,
        ["M"] = 1_000_000m,
        ["G"] = 1_000_000_000m,
        ["T"] = 1_000_000_000_000m,
        ["P"] = 1_000_000_000_000_000m,
        ["E"] = 1_000_000_000_000_000_000m,
        ["Ki"] = 1L << 10,
        ["Mi"] = 1L << 20,
        ["Gi"] = 1L << 30,
        ["Ti"] = 1L << 40,
        ["Pi"] = 1L << 50,
        ["Ei"] = 1L << 60,
    };

    /// <summary>The amount, or null where the text is none.</summary>
    public static decimal? Parse(string text)
    {
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1])) end--;
        if (!Suffixes.TryGetValue(text[end..], out var factor)) return null;
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text.AsSpan(0, end), Styles, CultureInfo.InvariantCulture, out var number)) return null;
        try
        {
            return number * factor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The amount an element tells as text or as a number; zero where it tells none.</summary>
    public static decimal Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Parse(element.GetString()!) ?? 0,
        JsonValueKind.Number when element.TryGetDecimal(out var number) => number,
        _ => 0,
    };

    /// <summary>The amount in thousandths, rounded up, as processors are counted.</summary>
    public static long Milli(JsonElement element) => Whole(Read(element) * 1000);

    /// <summary>The amount in whole units, rounded up, as bytes and pods are counted.</summary>
    public static long Units(JsonElement element) => Whole(Read(element));

    /// <summary>Thousandths in the API's own way of writing: <c>250m</c>, <c>2</c>.</summary>
    public static string FormatMilli(long milli) =>
        milli % 1000 == 0 ? (milli / 1000).ToString(CultureInfo.InvariantCulture) : milli.ToString(CultureInfo.InvariantCulture) + "m";

    /// <summary>Bytes in the API's own way of writing: the largest unit that leaves a whole number, <c>64Mi</c>.</summary>
    public static string FormatBytes(long bytes)
    {
        var unit = 0;
        while (bytes != 0 && bytes % 1024 == 0 && unit < 6) (bytes, unit) = (bytes / 1024, unit + 1);
        return bytes.ToString(CultureInfo.InvariantCulture) + (unit == 0 ? "" : "KMGTPE"[unit - 1] + "i");
    }

    private static long Whole(decimal amount) => amount >= long.MaxValue ? long.MaxValue : amount <= long.MinValue ? long.MinValue : (long)decimal.Ceiling(amount);
}
