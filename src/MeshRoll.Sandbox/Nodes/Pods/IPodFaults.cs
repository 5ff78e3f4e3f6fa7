using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>Faults that meet pods beside what their annotations say.</summary>
internal interface IPodFaults
{
    /// <summary>Told when faults come or go, so that pods can be looked at again.</summary>
    event Action? Changed;

    /// <summary>How a pod behaves, given how it would.</summary>
    PodBehaviour Apply(PodBehaviour own, StoredObject pod);
}
