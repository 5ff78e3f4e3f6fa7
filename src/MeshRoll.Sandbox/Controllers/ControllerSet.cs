using MeshRoll.Sandbox.Controllers.Deployments;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Controllers.StatefulSets;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>All controllers of a cluster, at work from now on: what kube-controller-manager is to a real one.</summary>
internal sealed class ControllerSet
{
    public ControllerSet(Cluster cluster, EventRecorder events)
    {
        var claims = new Claims(cluster);
        Controllers =
        [
            new DeploymentController(cluster, events, claims),
            new ReplicaSetController(cluster, events, claims),
            new StatefulSetController(cluster, events, claims),
        ];
    }

    /// <summary>The controllers; each has subscribed to the cluster's changes.</summary>
    public IReadOnlyList<Controller> Controllers { get; }
}
