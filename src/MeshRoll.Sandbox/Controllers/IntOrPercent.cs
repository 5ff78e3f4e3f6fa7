using System.Globalization;
using System.Text.Json;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>A count of pods, or a share of all of them (apimachinery's IntOrString).</summary>
/// <param name="Value">The count, or the percentage.</param>
/// <param name="IsPercent">Which of both.</param>
internal readonly record struct IntOrPercent(int Value, bool IsPercent)
{
    /// <summary>What a rolling update may do by default.</summary>
    public static IntOrPercent Quarter { get; } = new(25, IsPercent: true);

    /// <summary>The value at a place, or null where there is none that makes sense.</summary>
    public static IntOrPercent? Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var count)) return new(count, IsPercent: false);
        if (element.ValueKind != JsonValueKind.String || element.GetString() is not { } text || !text.EndsWith('%')) return null;
        return int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var share) ? new(share, IsPercent: true) : null;
    }

    /// <summary>How many of a total that is.</summary>
    public int Of(int total, bool roundUp)
    {
        if (!IsPercent) return Value;
        var hundredths = (long)Value * total;
        return (int)(roundUp ? (hundredths + 99) / 100 : hundredths / 100);
    }

    /// <inheritdoc/>
    public override string ToString() => IsPercent ? $"{Value}%" : Value.ToString(CultureInfo.InvariantCulture);
}
