namespace MeshRoll.Kubernetes.Models;

/// <summary>A count (<c>2</c>) or a share (<c>25%</c>) of a workload's pods (util/intstr IntOrString).</summary>
public readonly record struct IntOrPercent(int Value, bool IsPercent)
{
    /// <summary>The number of pods out of <paramref name="total"/>; shares round up for a surge and down for what may be missing, as the controllers do.</summary>
    public int Of(int total, bool roundUp) => !IsPercent ? Value
        : roundUp ? (int)Math.Ceiling(Value * (long)total / 100.0) : (int)(Value * (long)total / 100);

    /// <summary>Reads <c>2</c> or <c>25%</c>; null when the text is neither.</summary>
    public static IntOrPercent? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var percent = text.EndsWith('%');
        return int.TryParse(percent ? text.AsSpan(0, text.Length - 1) : text, System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? new(value, percent) : null;
    }

    /// <summary><c>2</c> or <c>25%</c>.</summary>
    public override string ToString() => IsPercent ? $"{Value}%" : $"{Value}";
}
