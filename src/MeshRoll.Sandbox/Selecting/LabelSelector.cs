using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Selecting;

/// <summary>A label selector, from a query's text or from an object's field.</summary>
internal sealed class LabelSelector
{
    private readonly LabelRequirement[] _requirements;
    private readonly bool _isNothing;

    private LabelSelector(IEnumerable<LabelRequirement> requirements, bool isNothing = false)
    {
        _requirements = [.. requirements];
        // Most have one; of several, those of one key stay in their order.
        if (_requirements.Length > 1) _requirements = [.. _requirements.OrderBy(requirement => requirement.Key, StringComparer.Ordinal)];
        _isNothing = isNothing;
    }

    /// <summary>Selects every object.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Selects none: what a missing selector in an object means.</summary>
    public static LabelSelector Nothing { get; } = new([], isNothing: true);

    /// <summary>The conditions, by key; all must be fulfilled.</summary>
    public IReadOnlyList<LabelRequirement> Requirements => _requirements;

    /// <summary>Whether every object is selected.</summary>
    public bool IsEverything => !_isNothing && _requirements.Length == 0;

    /// <summary>Whether no object is.</summary>
    public bool IsNothing => _isNothing;

    /// <summary>Reads a selector as it stands in a query: <c>app=web,tier in (a,b),!old</c>. The empty text selects everything.</summary>
    /// <exception cref="SelectorException">It does not follow the syntax.</exception>
    public static LabelSelector Parse(string selector)
    {
        var requirements = new LabelSelectorParser(selector).Read();
        return requirements.Count == 0 ? Everything : new(requirements);
    }

    /// <summary>Reads a selector as it stands in an object (meta/v1 LabelSelector): null selects nothing, an empty one everything.</summary>
    /// <exception cref="SelectorException">An operator, key or value is wrong.</exception>
    public static LabelSelector From(JsonObject? selector)
    {
        if (selector is null) return Nothing;

        var requirements = new List<LabelRequirement>();
        if (selector["matchLabels"] is JsonObject labels) requirements.AddRange(labels.Select(Equality));
        if (selector["matchExpressions"] is JsonArray expressions) requirements.AddRange(expressions.OfType<JsonObject>().Select(Requirement));
        return requirements.Count == 0 ? Everything : new(requirements);
    }

    /// <summary>Reads a plain map of labels, such as a Service's selector: all must be there with these values.</summary>
    public static LabelSelector FromMap(JsonObject? labels) =>
        labels is null || labels.Count == 0 ? Everything : new(labels.Select(Equality));

    /// <summary>Whether these labels are selected.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (_isNothing) return false;
        foreach (var requirement in _requirements)
        {
            if (!requirement.Accepts(labels.TryGetValue(requirement.Key, out var value) ? value : null)) return false;
        }
        return true;
    }

    /// <summary>Whether these labels (an object's <c>metadata.labels</c>, null when it has none) are selected.</summary>
    public bool Matches(JsonObject? labels)
    {
        if (_isNothing) return false;
        foreach (var requirement in _requirements)
        {
            if (!requirement.Accepts(labels?[requirement.Key] is { } value ? Text(value) : null)) return false;
        }
        return true;
    }

    /// <summary>Whether these labels are selected; an element that is no object has no labels.</summary>
    public bool Matches(JsonElement labels)
    {
        if (_isNothing) return false;
        foreach (var requirement in _requirements)
        {
            var isThere = labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty(requirement.Key, out _);
            if (!requirement.Accepts(isThere ? labels.GetProperty(requirement.Key).ToString() : null)) return false;
        }
        return true;
    }

    /// <summary>The selector in a query's syntax, requirements by key; what a Scale's <c>status.selector</c> holds.</summary>
    public override string ToString() => string.Join(',', (IEnumerable<LabelRequirement>)_requirements);

    private static LabelRequirement Equality(KeyValuePair<string, JsonNode?> label) => LabelRequirement.Is(label.Key, Text(label.Value));

    private static LabelRequirement Requirement(JsonObject expression)
    {
        var values = expression["values"] is JsonArray list ? list.Select(Text) : [];
        return Text(expression["operator"]) switch
        {
            "In" => LabelRequirement.Of(Text(expression["key"]), LabelOperator.In, values),
            "NotIn" => LabelRequirement.Of(Text(expression["key"]), LabelOperator.NotIn, values),
            "Exists" => LabelRequirement.Of(Text(expression["key"]), LabelOperator.Exists, values),
            "DoesNotExist" => LabelRequirement.Of(Text(expression["key"]), LabelOperator.DoesNotExist, values),
            var other => throw new SelectorException($"{LabelSyntax.Quoted(other)} is not a valid label selector operator"),
        };
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
