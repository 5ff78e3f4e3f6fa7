namespace MeshRoll.Sandbox.Nodes;

/// <summary>What a node is and can take.</summary>
internal sealed record NodeOptions
{
    /// <summary>How many pods it may hold.</summary>
    public int Pods { get; init; } = 110;

    /// <summary>Processors, as a quantity.</summary>
    public string Cpu { get; init; } = "32";

    /// <summary>Memory, as a quantity.</summary>
    public string Memory { get; init; } = "128Gi";

    /// <summary>Labels beside those that every node has.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The version its kubelet says it has.</summary>
    public string KubernetesVersion { get; init; } = "v1.30.4";
}
