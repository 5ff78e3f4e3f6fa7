using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What must hold of a count of pods or a share of them: how many more, or how many fewer, an update may have.</summary>
internal static class Amounts
{
    private const string PercentRule = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    /// <summary>Everything wrong with one amount, where it is there.</summary>
    public static IEnumerable<FieldError> Check(JsonNode? parent, string path, string name, bool atMostAll)
    {
        if (parent.At(name) is not { } value) yield break;
        var field = $"{path}.{name}";
        if (Percent(value) is { } share)
        {
            if (atMostAll && share > 100) yield return Invalid(field, GoText.IntOrString(value), "must not be greater than 100%");
        }
        else if (value.GetValueKind() == JsonValueKind.String)
        {
            yield return Invalid(field, GoText.IntOrString(value), PercentRule);
        }
        else if (parent.Number(name) is not { } number)
        {
            yield return Invalid(field, value.ToJsonString(), "must be an integer or percentage (e.g '5%%')");
        }
        else if (number < 0)
        {
            yield return Invalid(field, number, NotNegative);
        }
    }

    /// <summary>Whether an amount is nothing, however it is written. What is missing is not nothing.</summary>
    public static bool IsNothing(JsonNode? parent, string name) => parent.Number(name) == 0 || (parent.At(name) is { } value && Percent(value) == 0);

    private static long? Percent(JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.String) return null;
        var text = value.ToString();
        return text.EndsWith('%') && long.TryParse(text.AsSpan(0, text.Length - 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var share) ? share : null;
    }
}
