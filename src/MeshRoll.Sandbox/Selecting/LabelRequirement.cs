using System.Globalization;

namespace MeshRoll.Sandbox.Selecting;

/// <summary>One condition on one label.</summary>
internal sealed record LabelRequirement
{
    private LabelRequirement(string key, LabelOperator @operator, IReadOnlyList<string> values)
    {
        Key = key;
        Operator = @operator;
        Values = values;
    }

    /// <summary>The label's key.</summary>
    public string Key { get; }

    /// <summary>What is asked of it.</summary>
    public LabelOperator Operator { get; }

    /// <summary>The values it is compared with, sorted and each once.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Requires that a label has a value.</summary>
    /// <exception cref="SelectorException">The key or the value is wrong.</exception>
    public static LabelRequirement Is(string key, string value) =>
        LabelSyntax.IsKey(key) && LabelSyntax.IsValue(value) ? new(key, LabelOperator.Equals, [value]) : Of(key, LabelOperator.Equals, [value]);

    /// <summary>Makes a requirement of parts that were checked.</summary>
    /// <exception cref="SelectorException">The key, a value or their number is wrong.</exception>
    public static LabelRequirement Of(string key, LabelOperator @operator, IEnumerable<string> values)
    {
        var sorted = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var errors = new List<string>();
        if (LabelSyntax.KeyErrors(key) is { Count: > 0 } wrong) errors.Add(Invalid("key", key, string.Join("; ", wrong)));
        if (WrongCount(@operator, sorted.Count) is { } count) errors.Add($"values: Invalid value: {GoList(sorted)}: {count}");
        var isNumeric = @operator is LabelOperator.GreaterThan or LabelOperator.LessThan;
        if (isNumeric && Number(sorted[0]) is null) errors.Add(Invalid("values[0]", sorted[0], "for 'Gt', 'Lt' operators, the value must be an integer"));
        for (var i = 0; i < sorted.Count; i++)
        {
            if (LabelSyntax.ValueErrors(sorted[i]) is { Count: > 0 } wrongValue) errors.Add(Invalid($"values[{i}][{key}]", sorted[i], string.Join("; ", wrongValue)));
        }
        return errors.Count switch
        {
            0 => new(key, @operator, sorted),
            1 => throw new SelectorException(errors[0]),
            _ => throw new SelectorException($"[{string.Join(", ", errors)}]"),
        };
    }

    /// <summary>Whether a label of this value fulfils it; null stands for an object without the label.</summary>
    public bool Accepts(string? value) => Operator switch
    {
        LabelOperator.In or LabelOperator.Equals or LabelOperator.DoubleEquals => value is not null && Contains(value),
        LabelOperator.NotIn or LabelOperator.NotEquals => value is null || !Contains(value),
        LabelOperator.Exists => value is not null,
        LabelOperator.DoesNotExist => value is null,
        LabelOperator.GreaterThan => Number(value) > Number(Values[0]),
        _ => Number(value) < Number(Values[0]),
    };

    /// <summary>The requirement in a selector's syntax.</summary>
    public override string ToString() => Operator switch
    {
        LabelOperator.In => $"{Key} in ({string.Join(',', Values)})",
        LabelOperator.NotIn => $"{Key} notin ({string.Join(',', Values)})",
        LabelOperator.Equals => $"{Key}={Values[0]}",
        LabelOperator.DoubleEquals => $"{Key}=={Values[0]}",
        LabelOperator.NotEquals => $"{Key}!={Values[0]}",
        LabelOperator.Exists => Key,
        LabelOperator.DoesNotExist => $"!{Key}",
        LabelOperator.GreaterThan => $"{Key}>{Values[0]}",
        _ => $"{Key}<{Values[0]}",
    };

    internal static string Invalid(string field, string value, string detail) => $"{field}: Invalid value: {LabelSyntax.Quoted(value)}: {detail}";

    private bool Contains(string value)
    {
        foreach (var wanted in Values)
        {
            if (wanted == value) return true;
        }
        return false;
    }

    private static string? WrongCount(LabelOperator @operator, int count) => @operator switch
    {
        LabelOperator.In or LabelOperator.NotIn => count > 0 ? null : "for 'in', 'notin' operators, values set can't be empty",
        LabelOperator.Exists or LabelOperator.DoesNotExist => count == 0 ? null : "values set must be empty for exists and does not exist",
        // Of these the selector's syntax gives exactly one value.
        _ => null,
    };

    private static long? Number(string? value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string GoList(List<string> values) => $"[]string{{{string.Join(", ", values.Select(LabelSyntax.Quoted))}}}";
}

/// <summary>What a requirement asks of a label.</summary>
internal enum LabelOperator
{
    /// <summary><c>key=value</c></summary>
    Equals,

    /// <summary><c>key==value</c></summary>
    DoubleEquals,

    /// <summary><c>key!=value</c>; fulfilled as well without the label.</summary>
    NotEquals,

    /// <summary><c>key in (a,b)</c></summary>
    In,

    /// <summary><c>key notin (a,b)</c>; fulfilled as well without the label.</summary>
    NotIn,

    /// <summary><c>key</c></summary>
    Exists,

    /// <summary><c>!key</c></summary>
    DoesNotExist,

    /// <summary><c>key&gt;1</c></summary>
    GreaterThan,

    /// <summary><c>key&lt;1</c></summary>
    LessThan,
}
