namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>What a value of a scenario is.</summary>
internal enum DataKind
{
    Scalar,
    List,
    Map,
}

/// <summary>A value of a scenario, from YAML or from objects, with the line it stands on: errors must say where.</summary>
internal sealed class DataNode
{
    private DataNode(DataKind kind, int line) => (Kind, Line) = (kind, line);

    public DataKind Kind { get; }

    /// <summary>The line in the file; 0 for values that came as objects.</summary>
    public int Line { get; }

    /// <summary>A scalar as text.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Whether a scalar is a text whatever it looks like: quoted in YAML, or a string object.</summary>
    public bool IsText { get; private init; }

    /// <summary>The duration that a TimeSpan object is.</summary>
    public TimeSpan? Duration { get; private init; }

    /// <summary>The values of a list.</summary>
    public List<DataNode> Items { get; } = [];

    /// <summary>The entries of a map, in their order.</summary>
    public List<DataEntry> Entries { get; } = [];

    /// <summary>How many values it has in it, itself included, each as often as it is referred to.</summary>
    public long Size { get; private set; } = 1;

    /// <summary>YAML's ways to write nothing.</summary>
    public bool IsNull => Kind == DataKind.Scalar && !IsText && Text is "" or "~" or "null" or "Null" or "NULL";

    public static DataNode OfScalar(string text, bool isText, int line) => new(DataKind.Scalar, line) { Text = text, IsText = isText };

    public static DataNode OfDuration(TimeSpan duration) =>
        new(DataKind.Scalar, 0) { Text = duration.ToString("c", System.Globalization.CultureInfo.InvariantCulture), IsText = true, Duration = duration };

    public static DataNode OfList(int line) => new(DataKind.List, line);

    public static DataNode OfMap(int line) => new(DataKind.Map, line);

    public void Add(DataNode item)
    {
        Items.Add(item);
        Size += item.Size;
    }

    public void Add(string key, int line, DataNode value)
    {
        Entries.Add(new(key, line, value));
        Size += value.Size;
    }
}

/// <summary>One entry of a map.</summary>
/// <param name="Key">Its key as written.</param>
/// <param name="Line">The line of the key.</param>
/// <param name="Value">Its value.</param>
internal sealed record DataEntry(string Key, int Line, DataNode Value);
