using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Mesh;
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
    public void InstallMesh(WorldMesh mesh, WorldRevision revision, string version) => meshes.Install(mesh, revision, version);

    /// <inheritdoc/>
    public void SetTag(WorldMesh mesh, string tag, WorldRevision revision) => meshes.SetTag(mesh, tag, revision);

    /// <inheritdoc/>
    public void AddFaults(SandboxWorld world)
    {
        foreach (var fault in world.Faults) faults.Add(fault);
    }
}
