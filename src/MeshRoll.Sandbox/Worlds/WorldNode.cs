using System.Globalization;

namespace MeshRoll.Sandbox.Worlds;

/// <summary>A machine that pods run on.</summary>
public sealed record WorldNode
{
    /// <summary>How many machines a world has that does not say.</summary>
    public const int DefaultCount = 3;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many pods it takes; the kubelet's own default.</summary>
    public int Pods { get; init; } = 110;

    /// <summary>Its processors, as a Kubernetes quantity.</summary>
    public string Cpu { get; init; } = "32";

    /// <summary>Its memory, as a Kubernetes quantity.</summary>
    public string Memory { get; init; } = "128Gi";

    /// <summary>Labels beside those that every node has.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>So many machines without anything special, <c>node-1</c> and on.</summary>
    public static IReadOnlyList<WorldNode> Some(int count)
    {
        var nodes = new WorldNode[count];
        for (var i = 0; i < count; i++) nodes[i] = new() { Name = string.Create(CultureInfo.InvariantCulture, $"node-{i + 1}") };
        return nodes;
    }
}
