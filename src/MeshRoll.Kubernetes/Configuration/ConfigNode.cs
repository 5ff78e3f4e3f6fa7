namespace MeshRoll.Kubernetes.Configuration;

/// <summary>What a node of a kubeconfig is.</summary>
internal enum ConfigNodeKind
{
    Text,
    List,
    Map,
}

/// <summary>A node of a kubeconfig with the line it stands on: errors must say where.</summary>
internal sealed class ConfigNode
{
    private ConfigNode(ConfigNodeKind kind, int line, string text = "", bool quoted = false)
    {
        Kind = kind;
        Line = line;
        Text = text;
        Quoted = quoted;
    }

    public ConfigNodeKind Kind { get; }

    public int Line { get; }

    /// <summary>The value of a text node.</summary>
    public string Text { get; }

    /// <summary>A quoted text is never null, a flag or a number.</summary>
    public bool Quoted { get; }

    public List<ConfigNode> Items { get; } = [];

    public Dictionary<string, ConfigNode> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>YAML's ways to write nothing.</summary>
    public bool IsNull => Kind == ConfigNodeKind.Text && !Quoted && Text is ("" or "~" or "null" or "Null" or "NULL");

    public static ConfigNode OfText(string text, bool quoted, int line) => new(ConfigNodeKind.Text, line, text, quoted);

    public static ConfigNode OfList(int line) => new(ConfigNodeKind.List, line);

    public static ConfigNode OfMap(int line) => new(ConfigNodeKind.Map, line);
}
