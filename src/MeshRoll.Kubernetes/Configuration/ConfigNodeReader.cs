using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// Reads YAML, or JSON as its subset, into nodes. Works on the parser's events rather than on a ready-made tree because
/// the limits must hold while reading: depth (the stack), nodes (memory), no alias to something unfinished (cycles), no key twice.
/// </summary>
internal sealed class ConfigNodeReader
{
    /// <summary>client-go has no limit; etcd's for a whole object is 1.5 MB, so nobody has a kubeconfig of this size.</summary>
    public const int MaximumBytes = 10 * 1024 * 1024;

    public const int MaximumDepth = 64;

    private const int MaximumNodes = 100_000;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private ConfigNodeReader(string file, string text)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The first document of a file, as kubectl reads it; null when the file holds nothing but space and comments.</summary>
    public static ConfigNode? Read(string file, byte[] content)
    {
        var text = Decode(file, content);
        try
        {
            return new ConfigNodeReader(file, text).ReadDocument();
        }
        catch (YamlException e)
        {
            // The parser's messages describe structure and repeat nothing of the file.
            throw NotYaml(file, text, e);
        }
    }

    private static string Decode(string file, byte[] content)
    {
        try
        {
            // Windows PowerShell 5.1 redirects into UTF-16 with a byte order mark; such files are common.
            using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var text = reader.ReadToEnd();
            return text.Contains('\0', StringComparison.Ordinal) ? throw NotText(file, null) : text;
        }
        catch (DecoderFallbackException e)
        {
            throw NotText(file, e);
        }
    }

    private static KubeConfigException NotText(string file, Exception? inner) =>
        KubeConfigException.InvalidAt(file, null, "it is not text. Name the kubeconfig itself, as YAML or JSON in UTF-8.", inner);

    private static KubeConfigException NotYaml(string file, string text, YamlException e)
    {
        if (e.Message.Contains(" tab ", StringComparison.Ordinal) && LineIndentedByTab(text) is { } line)
            return KubeConfigException.InvalidAt(file, line, "a tab indents this line, YAML allows only spaces. Replace the tab.", e);

        // At the end of a file the parser stands on the line after the last.
        var lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        return KubeConfigException.InvalidAt(file, (int)Math.Min(e.Start.Line, lines), $"it is not valid YAML ({e.Message.TrimEnd('.')}). The file may be half-written; correct it or write it anew.", e);
    }

    private static int? LineIndentedByTab(string text)
    {
        var line = 1;
        var indenting = true;
        foreach (var c in text)
        {
            if (c == '\t' && indenting)
                return line;

            indenting = c == '\n' || (indenting && c == ' ');
            if (c == '\n')
                line++;
        }

        return null;
    }

    private ConfigNode? ReadDocument()
    {
        Advance();
        Advance();
        if (_parser.Current is not DocumentStart)
            return null;

        Advance();
        var root = ReadNode(0);
        Advance();
        return root.IsNull ? null : root;
    }

    private ConfigNode ReadNode(int depth)
    {
        if (depth > MaximumDepth)
            throw Invalid($"it nests deeper than {MaximumDepth} levels. No kubeconfig does; name the right file.");

        if (++_nodes > MaximumNodes)
            throw Invalid($"it holds more than {MaximumNodes} values. No kubeconfig does; name the right file.");

        switch (_parser.Current)
        {
            case Scalar scalar:
                return Anchored(scalar, ConfigNode.OfText(scalar.Value, scalar.Style != ScalarStyle.Plain, CurrentLine));
            case AnchorAlias alias:
                return _anchors.TryGetValue(alias.Value.Value, out var known) ? known : throw Invalid("an alias (*) refers to nothing above it. Define the anchor (&) before, and quote texts that begin with *.");
            case SequenceStart start:
                return Anchored(start, ReadList(depth));
            case MappingStart start:
                return Anchored(start, ReadMap(depth));
            default:
                throw Invalid("it ends in the middle of a value. The file may be half-written; write it anew.");
        }
    }

    // Registered only once complete: so no alias can reach a node that contains it, and no walk over the tree is endless.
    private ConfigNode Anchored(NodeEvent e, ConfigNode node)
    {
        if (!e.Anchor.IsEmpty)
            _anchors[e.Anchor.Value] = node;

        return node;
    }

    private ConfigNode ReadList(int depth)
    {
        var list = ConfigNode.OfList(CurrentLine);
        for (Advance(); _parser.Current is not SequenceEnd; Advance())
            list.Items.Add(ReadNode(depth + 1));

        return list;
    }

    private ConfigNode ReadMap(int depth)
    {
        var map = ConfigNode.OfMap(CurrentLine);
        for (Advance(); _parser.Current is not MappingEnd; Advance())
        {
            if (_parser.Current is not Scalar { Value: var key })
                throw Invalid("a key must be plain text.");

            if (key == "<<")
                throw Invalid("merge keys (<<) are not understood. Write the values out.");

            // Keys are field names and names of extensions, never secrets: they may be shown.
            var line = CurrentLine;
            Advance();
            if (!map.Members.TryAdd(key, ReadNode(depth + 1)))
                throw KubeConfigException.InvalidAt(_file, line, $"'{key}' stands there a second time. Remove one of the two.");
        }

        return map;
    }

    private int CurrentLine => (int)(_parser.Current?.Start.Line ?? 1);

    private void Advance()
    {
        try
        {
            if (!_parser.MoveNext())
                throw Invalid("it ends too early. The file may be half-written; write it anew.");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // Some damaged texts, such as an unfinished map with a bracket too many, bring the parser out of step with itself.
            throw KubeConfigException.InvalidAt(_file, CurrentLine, "it is not valid YAML from here on. The file may be half-written; correct it or write it anew.", e);
        }
    }

    private KubeConfigException Invalid(string problem) => KubeConfigException.InvalidAt(_file, CurrentLine, problem);
}
