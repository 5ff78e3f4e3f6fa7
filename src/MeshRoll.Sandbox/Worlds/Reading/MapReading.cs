using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>
/// Reads one map of a scenario key by key. What is asked for is what is allowed: <see cref="End"/> reports every other key. A key without a value
/// counts as left out. Keys are compared without regard to case, as PowerShell does with hashtables.
/// </summary>
internal sealed class MapReading
{
    private readonly ScenarioProblems _problems;
    private readonly Dictionary<string, DataEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _asked = [];

    private MapReading(DataNode node, string path, ScenarioProblems problems)
    {
        (_problems, Path, Line) = (problems, path, node.Line);
        foreach (var entry in node.Entries)
        {
            if (!_entries.TryAdd(entry.Key, entry)) problems.Add(entry.Line, PathOf(entry.Key), $"the key stands there a second time, in another spelling ('{_entries[entry.Key].Key}'). Remove one of the two.");
        }
    }

    /// <summary>Where the map is, such as <c>namespaces[0]</c>; empty for the whole scenario.</summary>
    public string Path { get; }

    /// <summary>The line on which it begins.</summary>
    public int Line { get; }

    /// <summary>A reading of a value that must be a map; null, and a problem, when it is something else.</summary>
    /// <param name="node">The value.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="expected">What the map tells, such as <c>a workload with its keys</c>.</param>
    /// <param name="problems">Where problems go.</param>
    public static MapReading? Of(DataNode node, string path, string expected, ScenarioProblems problems)
    {
        if (node.Kind == DataKind.Map) return new(node, path, problems);
        problems.Add(node.Line, path, $"{expected} is expected, but {Describe(node)} stands there.");
        return null;
    }

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The value of a key, or null.</summary>
    public DataNode? Value(string key) => Find(key)?.Value;

    /// <summary>A text, or null.</summary>
    public string? Text(string key) => Scalar(key, "a text")?.Text;

    /// <summary>A text that must be there; the empty text, and a problem, when it is not.</summary>
    public string RequiredText(string key)
    {
        var text = Text(key);
        if (text is null && !Has(key)) _problems.Add(Line, Path, $"the key '{key}' is missing.");
        else if (text?.Length == 0) Wrong(key, "it must not be empty.");
        return text ?? "";
    }

    /// <summary>A text of a given form, or null.</summary>
    public string? Text(string key, Func<string, bool> isGood, string expected)
    {
        if (Scalar(key, expected) is not { } value) return null;
        if (isGood(value.Text)) return value.Text;
        Wrong(key, $"'{value.Text}' stands there, but {expected} is expected.");
        return null;
    }

    /// <summary>A whole number within limits, or null.</summary>
    public int? Number(string key, int minimum, int maximum = 1_000_000)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}");
        return Text(key, text => Number(text) is { } number && number >= minimum && number <= maximum, expected) is { } good ? (int)Number(good)! : null;
    }

    /// <summary>A truth, or null.</summary>
    public bool? Flag(string key) =>
        Text(key, static text => bool.TryParse(text, out _), "true or false") is { } text ? bool.Parse(text) : null;

    /// <summary>A duration, or null.</summary>
    public TimeSpan? Duration(string key)
    {
        const string Expected = $"a duration ({ScenarioDuration.Forms})";
        if (Scalar(key, Expected) is not { } value) return null;
        if (ScenarioDuration.Read(value) is { } duration) return duration;
        Wrong(key, $"'{value.Text}' stands there, but {Expected} is expected.");
        return null;
    }

    /// <summary>A number of pods or a percentage of them, or null.</summary>
    public string? Amount(string key) => Text(key, static text => Number(text.EndsWith('%') ? text[..^1] : text) is >= 0, "a number of pods, or a percentage such as 25%,");

    /// <summary>A Kubernetes quantity, or null.</summary>
    public string? Quantity(string key, string example) => Text(key, Quantities.IsValid, $"a quantity such as {example}");

    /// <summary>The name of a namespace, workload or node: a DNS label. Empty, and a problem, when there is none.</summary>
    public string RequiredName()
    {
        var name = RequiredText("name");
        if (name.Length > 0 && !DnsNames.IsLabel(name)) Wrong("name", $"'{name}' is no name: at most 63 small letters, digits and '-' are allowed, and it must begin and end with a letter or digit.");
        return name;
    }

    /// <summary>One of some words, spelled as they are, or null.</summary>
    public string? Word(string key, params IReadOnlyList<string> allowed)
    {
        if (Scalar(key, $"one of {string.Join(", ", allowed)}") is not { } value) return null;
        if (allowed.FirstOrDefault(word => word.Equals(value.Text, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        Wrong(key, $"'{value.Text}' stands there.{NearestWord.Suggest(value.Text, allowed)} Allowed are {string.Join(", ", allowed)}.");
        return null;
    }

    /// <summary>One of the names of an enumeration, or null.</summary>
    public T? OneOf<T>(string key, bool lowercase = false) where T : struct, Enum =>
        Word(key, [.. Enum.GetNames<T>().Select(name => lowercase ? name.ToLowerInvariant() : name)]) is { } word ? Enum.Parse<T>(word, ignoreCase: true) : null;

    /// <summary>A map of texts; empty when it is not there.</summary>
    public Dictionary<string, string> Texts(string key)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(key) is not { } entry) return texts;
        if (entry.Value.Kind != DataKind.Map)
        {
            Wrong(key, $"names with texts are expected, but {Describe(entry.Value)} stands there.");
            return texts;
        }
        foreach (var (name, line, value) in entry.Value.Entries)
        {
            if (value.Kind == DataKind.Scalar) texts[name] = value.IsNull ? "" : value.Text;
            else _problems.Add(line, $"{PathOf(key)}.{name}", $"a text is expected, but {Describe(value)} stands there.");
        }
        return texts;
    }

    /// <summary>A list of texts; empty when it is not there. A single text counts as a list of one.</summary>
    public List<string> TextList(string key)
    {
        var texts = new List<string>();
        if (Find(key) is { Value.Kind: DataKind.Scalar } single) return [single.Value.Text];
        foreach (var (node, path) in List(key))
        {
            if (node.Kind == DataKind.Scalar) texts.Add(node.Text);
            else _problems.Add(node.Line, path, $"a text is expected, but {Describe(node)} stands there.");
        }
        return texts;
    }

    /// <summary>The values of a list with their paths; empty when it is not there.</summary>
    public IEnumerable<(DataNode Node, string Path)> List(string key)
    {
        if (Find(key) is not { } entry) return [];
        if (entry.Value.Kind == DataKind.List) return entry.Value.Items.Select((item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)}[{index}]")));
        Wrong(key, $"a list is expected, but {Describe(entry.Value)} stands there.");
        return [];
    }

    /// <summary>The maps of a list; what is no map is reported and left out.</summary>
    public IEnumerable<MapReading> Maps(string key, string expected)
    {
        foreach (var (node, path) in List(key))
        {
            if (Of(node, path, expected, _problems) is { } map) yield return map;
        }
    }

    /// <summary>The map of a key, or null.</summary>
    public MapReading? Map(string key, string expected) => Find(key) is { } entry ? Of(entry.Value, PathOf(key), expected, _problems) : null;

    /// <summary>Reports what is wrong with the value of a key.</summary>
    public void Wrong(string key, string problem) => _problems.Add(_entries.TryGetValue(key, out var entry) ? entry.Line : Line, PathOf(key), problem);

    /// <summary>Reports what is wrong with the map as a whole.</summary>
    public void Wrong(string problem) => _problems.Add(Line, Path, problem);

    /// <summary>Reports all keys that nobody asked for.</summary>
    public void End()
    {
        foreach (var entry in _entries.Values.Where(entry => !_asked.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _problems.Add(entry.Line, PathOf(entry.Key), $"there is no such key.{NearestWord.Suggest(entry.Key, _asked)} Allowed here are {string.Join(", ", _asked)}.");
        }
    }

    /// <summary>A value as JSON; YAML's plain words are null, truths and numbers as its core schema says.</summary>
    public static JsonNode? Json(DataNode node)
    {
        switch (node.Kind)
        {
            case DataKind.List:
                return new JsonArray([.. node.Items.Select(Json)]);
            case DataKind.Map:
                var map = new JsonObject();
                foreach (var entry in node.Entries) map[entry.Key] = Json(entry.Value);
                return map;
            default:
                if (node.IsNull) return null;
                if (node.IsText) return JsonValue.Create(node.Text);
                if (node.Text is "true" or "True" or "TRUE") return JsonValue.Create(true);
                if (node.Text is "false" or "False" or "FALSE") return JsonValue.Create(false);
                if (long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
                const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                return double.TryParse(node.Text, Decimal, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(node.Text);
        }
    }

    private static string Describe(DataNode node) => node.Kind switch
    {
        DataKind.List => "a list",
        DataKind.Map => "a map",
        _ when node.IsNull => "nothing",
        _ => $"'{(node.Text.Length > 60 ? node.Text[..60] + "…" : node.Text)}'",
    };

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private DataNode? Scalar(string key, string expected)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value.Kind == DataKind.Scalar) return entry.Value;
        Wrong(key, $"{expected} is expected, but {Describe(entry.Value)} stands there.");
        return null;
    }

    private DataEntry? Find(string key)
    {
        if (!_asked.Contains(key)) _asked.Add(key);
        return _entries.TryGetValue(key, out var entry) && !entry.Value.IsNull ? entry : null;
    }

    private string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
