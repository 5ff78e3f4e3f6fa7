namespace MeshRoll.Core.Plans.Files;

/// <summary>What a node of a plan's file is.</summary>
internal enum PlanNodeKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>A map of fields.</summary>
    Map,
}

/// <summary>A node of a plan's file, with the line it stands on: errors must say where.</summary>
internal sealed class PlanNode(PlanNodeKind kind, int line, string text = "", bool isQuoted = false)
{
    /// <summary>What it is.</summary>
    public PlanNodeKind Kind { get; } = kind;

    /// <summary>Its line, counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The value of a text.</summary>
    public string Text { get; } = text;

    /// <summary>The items of a list.</summary>
    public List<PlanNode> Items { get; } = [];

    /// <summary>The fields of a map, in the file's order.</summary>
    public List<(string Name, int Line, PlanNode Value)> Fields { get; } = [];

    /// <summary>YAML's ways to write nothing.</summary>
    public bool IsNothing => Kind == PlanNodeKind.Text && !isQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
}
