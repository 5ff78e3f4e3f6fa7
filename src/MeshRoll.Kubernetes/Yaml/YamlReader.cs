using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshRoll.Kubernetes.Yaml;

/// <summary>
/// Reads YAML, or JSON as its subset, into JSON. Works on the parser's events, so that limits hold while reading: depth (the stack) and values (memory).
/// Anchors and merge keys are not understood: nobody backs objects up with them.
/// </summary>
public sealed class YamlReader
{
    private const int MaximumDepth = 64;
    private const int MaximumValues = 200_000;

    private static readonly SearchValues<char> s_ofNumbers = SearchValues.Create("0123456789+-.eE");

    private readonly Parser _parser;
    private Dictionary<string, int> _lines = [];
    private int _values;

    private YamlReader(string text) => _parser = new(new StringReader(text));

    /// <summary>All documents of a text; empty ones are left out.</summary>
    /// <exception cref="YamlProblemException">It is not valid YAML.</exception>
    public static IReadOnlyList<YamlObject> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new YamlReader(text);
        try
        {
            return reader.ReadDocuments();
        }
        catch (YamlException e)
        {
            if (e.Message.Contains(" tab ", StringComparison.Ordinal) && LineIndentedByTab(text) is { } tabbed) throw new YamlProblemException(tabbed, "a tab indents this line, YAML allows only spaces", e);
            // At the end of a text the parser stands on the line after the last.
            var lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
            throw new YamlProblemException((int)Math.Min(Math.Max(e.Start.Line, 1), lines), $"it is not valid YAML ({e.Message.TrimEnd('.')})", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // Some damaged texts bring the parser out of step with itself.
            throw new YamlProblemException(reader.Line, "it is not valid YAML from here on", e);
        }
    }

    private int Line => (int)Math.Max(_parser.Current?.Start.Line ?? 1, 1);

    private static int? LineIndentedByTab(string text)
    {
        var index = Array.FindIndex(text.Split('\n'), line => line.AsSpan()[..^line.AsSpan().TrimStart().Length].Contains('\t'));
        return index < 0 ? null : index + 1;
    }

    private List<YamlObject> ReadDocuments()
    {
        List<YamlObject> documents = [];
        Advance();
        for (Advance(); _parser.Current is DocumentStart; Advance())
        {
            Advance();
            _lines = new(StringComparer.Ordinal);
            var line = Line;
            switch (ReadNode("", 0))
            {
                case JsonObject root: documents.Add(new(root, line, _lines)); break;
                case null: break;
                default: throw new YamlProblemException(line, "a list or a text stands where an object should be");
            }
            Advance();
        }
        return documents;
    }

    private JsonNode? ReadNode(string path, int depth)
    {
        if (depth > MaximumDepth) throw new YamlProblemException(Line, $"it nests deeper than {MaximumDepth} levels");
        if (++_values > MaximumValues) throw new YamlProblemException(Line, $"it holds more than {MaximumValues} values");
        _lines[path] = Line;
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias) throw new YamlProblemException(Line, "anchors and aliases are not understood");
        return _parser.Current switch
        {
            Scalar scalar => ValueOf(scalar),
            SequenceStart => ReadList(path, depth),
            MappingStart => ReadMap(path, depth),
            _ => throw new YamlProblemException(Line, "it ends in the middle of a value"),
        };
    }

    private JsonArray ReadList(string path, int depth)
    {
        JsonArray list = [];
        for (Advance(); _parser.Current is not SequenceEnd; Advance()) list.Add(ReadNode($"{path}/{list.Count}", depth + 1));
        return list;
    }

    private JsonObject ReadMap(string path, int depth)
    {
        JsonObject map = [];
        for (Advance(); _parser.Current is not MappingEnd; Advance())
        {
            if (_parser.Current is not Scalar { Value: var key } || key == "<<") throw new YamlProblemException(Line, "a key must be plain text");
            if (map.ContainsKey(key)) throw new YamlProblemException(Line, $"\"{key}\" stands there a second time");
            Advance();
            map.Add(key, ReadNode($"{path}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", depth + 1));
        }
        return map;
    }

    // YAML 1.2's core schema, with 1.1's words for true and false left as texts: Kubernetes would refuse them where they matter.
    private static JsonValue? ValueOf(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str") return JsonValue.Create(text);
        if (text is "" or "~" or "null" or "Null" or "NULL") return null;
        if (text is "true" or "True" or "TRUE") return JsonValue.Create(true);
        if (text is "false" or "False" or "FALSE") return JsonValue.Create(false);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return JsonValue.Create(number);
        if (text.AsSpan().IndexOfAnyExcept(s_ofNumbers) < 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) return JsonValue.Create(real);
        return JsonValue.Create(text);
    }

    private void Advance()
    {
        if (!_parser.MoveNext()) throw new YamlProblemException(Line, "it ends too early");
    }
}

/// <summary>One document.</summary>
/// <param name="Root">As JSON.</param>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Lines">Where each value stands, by JSON pointer.</param>
public sealed record YamlObject(JsonObject Root, int Line, IReadOnlyDictionary<string, int> Lines)
{
    /// <summary>The line of a value, or of the nearest value around it that is there.</summary>
    public int LineOf(string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        while (true)
        {
            if (Lines.TryGetValue(pointer, out var line)) return line;
            var end = pointer.LastIndexOf('/');
            if (end < 0) return Line;
            pointer = pointer[..end];
        }
    }
}

/// <summary>A text is not YAML as it should be. The message tells the structure and repeats nothing of the text.</summary>
public sealed class YamlProblemException(int line, string message, Exception? inner = null) : MeshRollException("MeshRoll.YamlInvalid", message, inner)
{
    /// <summary>The line, counted from 1.</summary>
    public int Line { get; } = line;
}
