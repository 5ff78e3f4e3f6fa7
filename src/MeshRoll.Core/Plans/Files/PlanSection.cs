using System.Globalization;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Files;

/// <summary>A map of a plan's file, read field by field and strictly: what it may not hold is an error, and so is a value that is none of the allowed ones.</summary>
internal sealed class PlanSection
{
    private readonly string _file;
    private readonly PlanNode _node;
    private readonly string _what;

    private PlanSection(string file, PlanNode node, string what) => (_file, _node, _what) = (file, node, what);

    /// <summary>Where it stands.</summary>
    public int Line => _node.Line;

    /// <summary>Reads a node as a map of these fields.</summary>
    /// <param name="file">The file.</param>
    /// <param name="node">The node.</param>
    /// <param name="what">What it is, for messages: <c>the plan</c>, <c>a wave</c>.</param>
    /// <param name="form">What it may hold.</param>
    public static PlanSection Of(string file, PlanNode node, string what, PlanForm form)
    {
        if (node.Kind != PlanNodeKind.Map) throw PlanFileException.At(file, node.Line, $"{what} must be a map of fields: {form.Allowed}.");
        foreach (var (name, line, _) in node.Fields)
        {
            if (form.Fields.Contains(name)) continue;
            var elsewhere = PlanForm.WhereAllowed(name);
            var hint = elsewhere.Length > 0 ? $" It belongs to {elsewhere}: is its indent right?" : NearMatches.Sentence(name, form.Fields);
            throw PlanFileException.At(file, line, $"'{name}' is not a field of {what}.{hint} Allowed: {form.Allowed}.");
        }
        return new(file, node, what);
    }

    /// <summary>Whether a field is there with something in it.</summary>
    public bool Has(string field) => Node(field) is not null;

    /// <summary>The text of a field; null when it is absent.</summary>
    public string? Text(string field)
    {
        if (Node(field) is not { } value) return null;
        return value.Kind == PlanNodeKind.Text ? value.Text : throw Invalid(field, "must be a text");
    }

    /// <summary>The text of a field that must be there.</summary>
    public string Required(string field, string allowed) => Text(field) is { Length: > 0 } text ? text : throw PlanFileException.At(_file, _node.Line, $"{_what} needs '{field}': {allowed}.");

    /// <summary>Yes or no; null when it is absent.</summary>
    public bool? Flag(string field) => Text(field) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw Invalid(field, $"is '{other}'; it is true or false"),
    };

    /// <summary>A whole number of a range; null when it is absent.</summary>
    public int? Number(string field, int least, int most) => Text(field) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        var text => throw Invalid(field, $"is '{text}'; it is a whole number from {least} to {most}"),
    };

    /// <summary>A field read by something that refuses what it cannot read; null when it is absent.</summary>
    public T? Parsed<T>(string field, Func<string, T> parse) where T : class => Node(field) is { } node ? Parse(node, parse, $"'{field}' of {_what} ") : null;

    /// <summary>The same for values.</summary>
    public T? ParsedValue<T>(string field, Func<string, T> parse) where T : struct => Node(field) is { } node ? Parse(node, parse, $"'{field}' of {_what} ") : null;

    /// <summary>A duration; null when it is absent.</summary>
    public TimeSpan? Duration(string field) => ParsedValue(field, DurationText.Parse);

    /// <summary>A list whose items are read likewise; empty when it is absent.</summary>
    public IReadOnlyList<T> List<T>(string field, Func<string, T> parse) => [.. Items(field).Select(item => Parse(item, parse, ""))];

    /// <summary>A map of a field; an empty one when it is absent.</summary>
    public PlanSection Section(string field, string what, PlanForm form) => Of(_file, Node(field) ?? new(PlanNodeKind.Map, _node.Line), what, form);

    /// <summary>The maps of a field that is a list of them; empty when it is absent.</summary>
    public IEnumerable<PlanSection> Sections(string field, string what, PlanForm form) => Items(field).Select(item => Of(_file, item, what, form));

    /// <summary>Something about the map as a whole.</summary>
    public PlanFileException Invalid(string problem) => PlanFileException.At(_file, _node.Line, problem);

    /// <summary>Something about a field.</summary>
    public PlanFileException Invalid(string field, string problem) => PlanFileException.At(_file, Node(field)?.Line ?? _node.Line, $"'{field}' of {_what} {problem}.");

    private T Parse<T>(PlanNode node, Func<string, T> parse, string where)
    {
        if (node.Kind != PlanNodeKind.Text) throw PlanFileException.At(_file, node.Line, $"{where}must be a text.");
        try
        {
            return parse(node.Text);
        }
        catch (InvalidRequestException error)
        {
            throw PlanFileException.At(_file, node.Line, error.Message, error);
        }
    }

    private List<PlanNode> Items(string field) => Node(field) switch
    {
        null => [],
        { Kind: PlanNodeKind.List } list => list.Items,
        _ => throw Invalid(field, "must be a list: lines that begin with '- '"),
    };

    private PlanNode? Node(string field)
    {
        foreach (var (name, _, value) in _node.Fields)
        {
            if (name == field) return value.IsNothing ? null : value;
        }
        return null;
    }
}
