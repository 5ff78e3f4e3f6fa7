using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshRoll.Core.Plans.Files;

/// <summary>
/// Reads a plan's YAML (or JSON, as its subset) into nodes. Works on the parser's events, so that the limits hold while reading. A plan needs neither anchors
/// nor tags nor a second document: what a reviewer reads is what is there.
/// </summary>
internal sealed class PlanNodeReader
{
    /// <summary>The plan of ten thousand workloads has about 3 MB.</summary>
    public const int LongestFile = 32 << 20;

    private const int MostNodes = 1_000_000;

    private const int Deepest = 12;

    private readonly string _file;
    private readonly Parser _parser;
    private int _nodes;

    private PlanNodeReader(string file, string text) => (_file, _parser) = (file, new(new StringReader(text)));

    private int Line => (int)(_parser.Current?.Start.Line ?? 1);

    /// <summary>The one document of a text.</summary>
    /// <exception cref="PlanFileException">It is not YAML, or more than a plan may be.</exception>
    public static PlanNode Read(string file, string text)
    {
        if (IndentedByTab(text) is { } tab) throw PlanFileException.At(file, tab, "a tab indents this line; YAML allows only spaces there.");
        try
        {
            return new PlanNodeReader(file, text).ReadDocument();
        }
        catch (YamlException error)
        {
            // At the end of a file the parser stands on the line after the last.
            var lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
            throw PlanFileException.At(file, (int)Math.Clamp(error.Start.Line, 1, lines), $"it is not valid YAML ({error.Message.TrimEnd('.')}). Fields of one map begin in the same column, and what belongs to a field is indented by two spaces.", error);
        }
    }

    private PlanNode ReadDocument()
    {
        Advance();
        Advance();
        if (_parser.Current is not DocumentStart) throw PlanFileException.At(_file, null, "it is empty.");
        Advance();
        var root = ReadNode(0);
        Advance();
        Advance();
        return _parser.Current is StreamEnd ? root : throw Invalid("a second document begins here; a plan is one.");
    }

    private PlanNode ReadNode(int depth)
    {
        if (depth > Deepest) throw Invalid($"it nests deeper than {Deepest} levels.");
        if (++_nodes > MostNodes) throw Invalid($"it holds more than {MostNodes} values.");
        if (_parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) throw Invalid("anchors (&) and aliases (*) are not used in plans: write the value out, or quote a text that begins with them.");
        switch (_parser.Current)
        {
            case Scalar scalar:
                return new(PlanNodeKind.Text, Line, scalar.Value, scalar.Style != ScalarStyle.Plain);
            case SequenceStart:
                var list = new PlanNode(PlanNodeKind.List, Line);
                for (Advance(); _parser.Current is not SequenceEnd; Advance()) list.Items.Add(ReadNode(depth + 1));
                return list;
            case MappingStart:
                return ReadMap(depth);
            default:
                throw Invalid("it ends in the middle of a value.");
        }
    }

    private PlanNode ReadMap(int depth)
    {
        var map = new PlanNode(PlanNodeKind.Map, Line);
        HashSet<string> names = new(StringComparer.Ordinal);
        for (Advance(); _parser.Current is not MappingEnd; Advance())
        {
            if (_parser.Current is not Scalar { Value: var name }) throw Invalid("a field's name must be a text.");
            var line = Line;
            if (!names.Add(name)) throw Invalid($"'{name}' stands there a second time.");
            Advance();
            map.Fields.Add((name, line, ReadNode(depth + 1)));
        }
        return map;
    }

    private void Advance()
    {
        try
        {
            if (!_parser.MoveNext()) throw Invalid("it ends too early.");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // Some damaged texts bring the parser out of step with itself.
            throw PlanFileException.At(_file, Line, "it is not valid YAML from here on.", error);
        }
    }

    private static int? IndentedByTab(string text)
    {
        var line = 1;
        foreach (var part in text.AsSpan().EnumerateLines())
        {
            if (part.TrimStart(' ') is ['\t', ..]) return line;
            line++;
        }
        return null;
    }

    private PlanFileException Invalid(string problem) => PlanFileException.At(_file, Line, problem);
}
