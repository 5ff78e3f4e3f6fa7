using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Wire.Faults;

namespace MeshRoll.Sandbox.Worlds;

/// <summary>
/// A world as data: what a sandbox has when it starts. A scenario file says the same in YAML, a hashtable in PowerShell, with the same names in camelCase.
/// </summary>
public sealed record SandboxWorld
{
    /// <summary>What it is called; a file's own name unless it says otherwise.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>The version of Kubernetes that the server says it is, such as <c>1.31.2</c>; null for the sandbox's own choice.</summary>
    public string? KubernetesVersion { get; init; }

    /// <summary>The machines. Three, unless said otherwise.</summary>
    public IReadOnlyList<WorldNode> Nodes { get; init; } = WorldNode.Some(WorldNode.DefaultCount);

    /// <summary>The mesh; null for a cluster without one.</summary>
    public WorldMesh? Mesh { get; init; }

    /// <summary>The namespaces with their workloads. <c>default</c>, <c>kube-system</c> and the mesh's own exist without being named.</summary>
    public IReadOnlyList<WorldNamespace> Namespaces { get; init; } = [];

    /// <summary>How long pods take that say nothing else.</summary>
    public WorldStartup Startup { get; init; } = new();

    /// <summary>What goes wrong in the cluster from the start, once everything is up.</summary>
    public IReadOnlyList<SandboxFault> Faults { get; init; } = [];

    /// <summary>What goes wrong between clients and the API server from the start. In a file both sorts stand under <c>faults</c>.</summary>
    public IReadOnlyList<WireFault> WireFaults { get; init; } = [];

    /// <summary>Further Kubernetes objects, whole, created after everything else.</summary>
    public IReadOnlyList<JsonObject> Objects { get; init; } = [];
}
