namespace MeshRoll.Sandbox.Patching;

/// <summary>How the fields of one API type merge. A field that is not listed merges as objects do and replaces a list whole.</summary>
internal sealed class StrategicType
{
    private readonly Dictionary<string, StrategicField> _fields = new(StringComparer.Ordinal);

    /// <summary>A type of which nothing special is known: maps merge, lists are replaced.</summary>
    public static StrategicType Plain { get; } = new();

    /// <summary>The rule of a field.</summary>
    public StrategicField this[string name]
    {
        get => _fields.GetValueOrDefault(name, StrategicField.Default);
        init => _fields[name] = value;
    }
}

/// <summary>How one field merges.</summary>
/// <param name="Type">The type of the object, or of the list's elements.</param>
/// <param name="Strategy">Whether it merges or is replaced.</param>
/// <param name="MergeKey">The member by which elements of a list are the same; empty for lists of plain values.</param>
internal sealed record StrategicField(StrategicType Type, StrategicStrategy Strategy, string MergeKey)
{
    /// <summary>The rule of fields without one.</summary>
    public static StrategicField Default { get; } = new(StrategicType.Plain, StrategicStrategy.Default, "");

    /// <summary>An object of this type.</summary>
    public static StrategicField Of(StrategicType type) => new(type, StrategicStrategy.Default, "");

    /// <summary>A list of objects that merge where this member is the same.</summary>
    public static StrategicField MergedBy(string mergeKey, StrategicType? elements = null) => new(elements ?? StrategicType.Plain, StrategicStrategy.Merge, mergeKey);

    /// <summary>A list of plain values that grows by those of the patch.</summary>
    public static StrategicField MergedValues { get; } = new(StrategicType.Plain, StrategicStrategy.Merge, "");

    /// <summary>An object that the patch replaces whole.</summary>
    public static StrategicField Replaced { get; } = new(StrategicType.Plain, StrategicStrategy.Replace, "");
}

/// <summary>The strategies of <c>patchStrategy</c> that the server heeds; retainKeys matters to clients only, who then send the directive.</summary>
internal enum StrategicStrategy
{
    /// <summary>Objects merge, lists are replaced.</summary>
    Default,

    /// <summary>Lists merge as well.</summary>
    Merge,

    /// <summary>Objects are replaced as well.</summary>
    Replace,
}
