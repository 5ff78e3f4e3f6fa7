using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>
/// Reads YAML, or JSON as its subset, into values that know their lines. Works on the parser's events rather than on a ready-made tree, because the
/// limits must hold while reading.
/// </summary>
internal sealed class YamlData
{
    private readonly ScenarioProblems _problems;
    private readonly Parser _parser;
    private readonly Dictionary<string, DataNode> _anchors = new(StringComparer.Ordinal);
    private long _values;

    private YamlData(ScenarioProblems problems, string text)
    {
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    private int Line => (int)(_parser.Current?.Start.Line ?? 1);

    /// <summary>The one document of a file, or null when it holds nothing but space and comments.</summary>
    /// <exception cref="SandboxException">It is no text, no YAML, or too large.</exception>
    public static DataNode? Read(byte[] content, ScenarioProblems problems)
    {
        try
        {
            // Windows PowerShell 5.1 redirects into UTF-16 with a byte order mark; the reader knows the marks.
            using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return Read(reader.ReadToEnd(), problems);
        }
        catch (DecoderFallbackException e)
        {
            throw problems.Fatal(0, "it is not text. A scenario is YAML in UTF-8.", e);
        }
    }

    /// <inheritdoc cref="Read(byte[], ScenarioProblems)"/>
    public static DataNode? Read(string text, ScenarioProblems problems)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) throw problems.Fatal(0, "it is not text. A scenario is YAML in UTF-8.");
        if (text.Length > ScenarioLimits.MaximumBytes) throw TooLarge(problems);
        try
        {
            return new YamlData(problems, text).ReadDocument();
        }
        catch (YamlException e)
        {
            if (LineIndentedByTab(text) is { } indented) throw problems.Fatal(indented, "a tab indents this line, YAML allows only spaces. Replace the tab.", e);
            // At the end of a file the parser stands on the line after the last.
            var lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
            throw problems.Fatal((int)Math.Clamp(e.Start.Line, 1, lines), $"it is not valid YAML: {Sentence(e)}.", e);
        }
    }

    /// <summary>The error for a file that need not even be read.</summary>
    public static SandboxException TooLarge(ScenarioProblems problems) =>
        problems.Fatal(0, $"it is larger than {ScenarioLimits.MaximumBytes / (1024 * 1024)} MiB, which is all that a scenario may have. For many workloads of one sort use the world Large.");

    // What the parser says about tabs, and where, depends on what stands around them.
    private static int? LineIndentedByTab(string text)
    {
        var line = 1;
        var indenting = true;
        foreach (var sign in text)
        {
            if (sign == '\t' && indenting) return line;
            indenting = sign == '\n' || (indenting && sign == ' ');
            if (sign == '\n') line++;
        }
        return null;
    }

    // The parser begins its messages with the place, which is said already.
    private static string Sentence(YamlException e)
    {
        var message = e.Message;
        if (message.StartsWith('(') && message.IndexOf("): ", StringComparison.Ordinal) is > 0 and var end) message = message[(end + 3)..];
        return message.TrimEnd('.');
    }

    private DataNode? ReadDocument()
    {
        Advance();
        Advance();
        if (_parser.Current is not DocumentStart) return null;

        Advance();
        var root = ReadValue(0);
        Advance();
        Advance();
        if (_parser.Current is DocumentStart) throw _problems.Fatal(Line, "a second document begins here. A scenario is one document; take the line '---' out, or make two files of it.");
        return root.IsNull ? null : root;
    }

    private DataNode ReadValue(int depth)
    {
        if (depth > ScenarioLimits.MaximumDepth) throw _problems.Fatal(Line, $"it nests deeper than {ScenarioLimits.MaximumDepth} levels. No scenario needs that.");
        Count(1);
        switch (_parser.Current)
        {
            case Scalar scalar:
                return Anchored(scalar, DataNode.OfScalar(scalar.Value, scalar.Style != ScalarStyle.Plain, Line));
            case AnchorAlias alias:
                if (!_anchors.TryGetValue(alias.Value.Value, out var known)) throw _problems.Fatal(Line, $"the alias *{alias.Value.Value} refers to nothing above it. Define &{alias.Value.Value} before, and quote texts that begin with *.");
                Count(known.Size);
                return known;
            case SequenceStart start:
                return Anchored(start, ReadList(depth));
            case MappingStart start:
                return Anchored(start, ReadMap(depth));
            default:
                throw _problems.Fatal(Line, "it ends in the middle of a value.");
        }
    }

    // Registered only once complete: so no alias can reach a value that contains it, and no walk is endless.
    private DataNode Anchored(NodeEvent e, DataNode node)
    {
        if (!e.Anchor.IsEmpty) _anchors[e.Anchor.Value] = node;
        return node;
    }

    private DataNode ReadList(int depth)
    {
        var list = DataNode.OfList(Line);
        for (Advance(); _parser.Current is not SequenceEnd; Advance()) list.Add(ReadValue(depth + 1));
        return list;
    }

    private DataNode ReadMap(int depth)
    {
        var map = DataNode.OfMap(Line);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (Advance(); _parser.Current is not MappingEnd; Advance())
        {
            if (_parser.Current is not Scalar { Value: var key }) throw _problems.Fatal(Line, "a key must be plain text.");
            if (key == "<<") throw _problems.Fatal(Line, "merge keys (<<) are not understood. Write the values out, or refer to a whole value by an alias (*name).");
            var line = Line;
            if (!seen.Add(key)) throw _problems.Fatal(line, $"the key '{key}' stands there a second time. Remove one of the two.");
            Advance();
            map.Add(key, line, ReadValue(depth + 1));
        }
        return map;
    }

    private void Count(long values)
    {
        _values += values;
        if (_values > ScenarioLimits.MaximumValues) throw _problems.Fatal(Line, $"it holds more than {ScenarioLimits.MaximumValues} values, what its aliases refer to included. For many workloads of one sort use the world Large.");
    }

    private void Advance()
    {
        try
        {
            if (!_parser.MoveNext()) throw _problems.Fatal(Line, "it ends too early.");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // Some broken texts, such as a tag within an unfinished map, bring the parser out of step with itself.
            throw _problems.Fatal(Line, "it is not valid YAML from here on.", e);
        }
    }
}
