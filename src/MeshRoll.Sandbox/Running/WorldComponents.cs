using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Mesh;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Worlds.Building;

namespace MeshRoll.Sandbox.Running;

/// <summary>What takes part in building a world, as the builder sees it.</summary>
internal sealed class WorldComponents(NodeSet nodes, MeshSet meshes, EventRecorder events, FaultBoard faults) : IWorldComponents
{
    /// <inheritdoc/>
    public bool IsInstant
    {
        set => nodes.IsSettling = value;
    }

    /// <inheritdoc/>
    public bool RecordsEvents
    {
        set => events.IsOn = value;
    }

    /// <inheritdoc/>
    public void AddNode(WorldNode node) => nodes.Add(node.Name, new() { Pods = node.Pods, Cpu = node.Cpu, Memory = node.Memory, Labels = node.Labels });

    /// <inheritdoc/>
    public void InstallMesh(WorldMesh mesh, WorldRevision revision, string version) => meshes.Istio.Install(Istiod(revision, version));

    /// <inheritdoc/>
    public void SetTag(WorldMesh mesh, string tag, WorldRevision revision) => meshes.Istio.SetTag(Istiod(revision, revision.Version), tag);

    /// <inheritdoc/>
    public void AddFaults(SandboxWorld world)
    {
        foreach (var fault in world.Faults) faults.Add(fault);
    }

    private static IstiodOptions Istiod(WorldRevision revision, string version)
    {
        var options = new IstiodOptions { Revision = revision.Name, Version = version, Replicas = revision.Replicas, NativeSidecars = revision.NativeSidecars };
        if (revision.Hub is { } hub) options = options with { Hub = hub };
        return revision.Namespace is { } home ? options with { Namespace = home } : options;
    }
}
