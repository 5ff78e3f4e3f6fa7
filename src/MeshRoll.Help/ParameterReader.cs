using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace MeshRoll.Help;

/// <summary>Reads the parameters of one cmdlet, of its own and of its base classes.</summary>
internal sealed class ParameterReader
{
    private readonly object _instance;
    private readonly XmlDocs _docs;
    private readonly List<PropertyInfo> _properties;
    private readonly bool _asksBefore;

    public ParameterReader(Type type, XmlDocs docs)
    {
        _docs = docs;
        _instance = Activator.CreateInstance(type)!;
        _properties = [.. type.GetProperties().Where(property => AttributesOf(property).Any()).OrderBy(property => property.Name, StringComparer.Ordinal)];
        _asksBefore = AttributeFacts.Of<CmdletAttribute>(type).Single().Named<bool>(nameof(CmdletAttribute.SupportsShouldProcess));
    }

    /// <summary>Every parameter once.</summary>
    public IReadOnlyList<ParameterHelp> All => [.. WithRiskParameters(_properties.Select(property => Read(property, AttributesOf(property).First()))).OrderBy(parameter => parameter.Name, StringComparer.Ordinal)];

    /// <summary>The parameters of each set: positional ones first, then the required ones.</summary>
    public IReadOnlyList<SyntaxHelp> Sets
    {
        get
        {
            var names = _properties.SelectMany(AttributesOf).Select(SetOf).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
            return names.Count == 0 ? [new(ReadSet(null))] : [.. names.Select(name => new SyntaxHelp(ReadSet(name)))];
        }
    }

    /// <summary>What whole objects may be piped in.</summary>
    public IEnumerable<Type> PipedTypes => _properties
        .Where(property => AttributesOf(property).Any(attribute => attribute.Named<bool>(nameof(ParameterAttribute.ValueFromPipeline))))
        .Select(property => property.PropertyType.IsArray ? property.PropertyType.GetElementType()! : property.PropertyType);

    private static IEnumerable<CustomAttributeData> AttributesOf(PropertyInfo property) => AttributeFacts.Of<ParameterAttribute>(property);

    // Null for a parameter of every set.
    private static string? SetOf(CustomAttributeData attribute) => attribute.Named<string>(nameof(ParameterAttribute.ParameterSetName));

    private IReadOnlyList<ParameterHelp> ReadSet(string? set)
    {
        var own = from property in _properties
                  from attribute in AttributesOf(property)
                  where SetOf(attribute) is null || SetOf(attribute) == set
                  select Read(property, attribute);
        return [.. WithRiskParameters(own).OrderBy(parameter => parameter.Position ?? int.MaxValue).ThenByDescending(parameter => parameter.IsRequired)];
    }

    private ParameterHelp Read(PropertyInfo property, CustomAttributeData attribute)
    {
        var text = XmlDocs.Paragraphs(_docs.Of(property)?.Element("summary"));
        if (text.Count == 0) throw new InvalidDataException($"The parameter {property.Name} of {CommandReader.NameOf(_instance.GetType())} has no XML docs.");

        var isSwitch = property.PropertyType == typeof(SwitchParameter);
        return new(property.Name, TypeName(property.PropertyType), text)
        {
            IsSwitch = isSwitch,
            IsRequired = attribute.Named<bool>(nameof(ParameterAttribute.Mandatory)),
            TakesWildcards = AttributeFacts.Of<SupportsWildcardsAttribute>(property).Any(),
            Position = attribute.Named<int?>(nameof(ParameterAttribute.Position)),
            PipelineInput = PipelineInput(attribute.Named<bool>(nameof(ParameterAttribute.ValueFromPipeline)), attribute.Named<bool>(nameof(ParameterAttribute.ValueFromPipelineByPropertyName))),
            Default = isSwitch ? "False" : DefaultText(property.GetValue(_instance)),
            Aliases = [.. AttributeFacts.Of<AliasAttribute>(property).SelectMany(alias => alias.Values()).Cast<string>()],
            Allowed = [.. AttributeFacts.Of<ValidateSetAttribute>(property).SelectMany(allowed => allowed.Values()).Cast<string>()],
        };
    }

    private IEnumerable<ParameterHelp> WithRiskParameters(IEnumerable<ParameterHelp> own) => !_asksBefore ? own : own.Concat(
    [
        new("Confirm", "SwitchParameter", ["Asks before each change."]) { IsSwitch = true, Default = "False", Aliases = ["cf"] },
        new("WhatIf", "SwitchParameter", ["Says what would be changed, and changes nothing."]) { IsSwitch = true, Default = "False", Aliases = ["wi"] },
    ]);

    private static string TypeName(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        return inner == typeof(int) ? "Int32" : inner.Name;
    }

    private static string PipelineInput(bool byValue, bool byName) => (byValue, byName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static string DefaultText(object? value) => value switch
    {
        null or "" => "None",
        string text => text,
        TimeSpan span when span == TimeSpan.Zero => "0",
        ICollection { Count: 0 } => "None",
        IEnumerable values => string.Join(", ", values.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "None",
    };
}
