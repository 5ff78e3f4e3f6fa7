namespace MeshRoll.Sandboxes;

/// <summary>Something that goes wrong in a sandbox until it is taken away.</summary>
public sealed class MeshSandboxFault
{
    /// <summary>The sandbox's name.</summary>
    public required string Sandbox { get; init; }

    /// <summary>What it is called by, to take it away again.</summary>
    public required string Name { get; init; }

    /// <summary>What happens: ImageMissing, Slow and the like in the cluster; Status, Throttle, Cut, ExpireWatch or Latency on the wire.</summary>
    public required string Kind { get; init; }

    /// <summary>Whom it concerns, in words.</summary>
    public required string Target { get; init; }

    /// <summary>The namespace, with wildcards.</summary>
    public required string Namespace { get; init; }

    /// <summary>The share of what is concerned that is hit, 0 to 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>How often it still happens; null for without end.</summary>
    public int? Count { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
