using System.Globalization;

namespace MeshRoll.Core.Preflight;

/// <summary>Amounts as Kubernetes writes them: 500m, 2, 1Gi (apimachinery's resource.Quantity).</summary>
internal static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] s_suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024), ("Pi", 1024m * 1024 * 1024 * 1024 * 1024),
        ("n", 0.000_000_001m), ("u", 0.000_001m), ("m", 0.001m), ("k", 1_000m), ("M", 1_000_000m), ("G", 1_000_000_000m), ("T", 1_000_000_000_000m), ("P", 1_000_000_000_000_000m),
    ];

    /// <summary>The amount in whole units; null for what is none.</summary>
    public static decimal? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        foreach (var (suffix, factor) in s_suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)) return Number(text[..^suffix.Length]) * factor;
        }
        return Number(text);
    }

    private static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
