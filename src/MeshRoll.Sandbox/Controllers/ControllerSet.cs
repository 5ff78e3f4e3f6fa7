using MeshRoll.Sandbox.Controllers.ArgoRollouts;
using MeshRoll.Sandbox.Controllers.Autoscaling;
using MeshRoll.Sandbox.Controllers.DaemonSets;
using MeshRoll.Sandbox.Controllers.Deployments;
using MeshRoll.Sandbox.Controllers.Disruption;
using MeshRoll.Sandbox.Controllers.Endpoints;
using MeshRoll.Sandbox.Controllers.Garbage;
using MeshRoll.Sandbox.Controllers.Jobs;
using MeshRoll.Sandbox.Controllers.Namespaces;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Controllers.StatefulSets;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>All controllers of a cluster, at work from now on: what kube-controller-manager is to a real one.</summary>
internal sealed class ControllerSet
{
    /// <param name="cluster">The cluster, which may have objects already.</param>
    /// <param name="events">Where they tell what they do.</param>
    /// <param name="rootCertificate">What clients in pods are to trust, as PEM.</param>
    public ControllerSet(Cluster cluster, EventRecorder events, string rootCertificate = "")
    {
        var claims = new Claims(cluster);
        var pods = new PodIndex(cluster);
        Garbage = new GarbageCollector(cluster);
        All =
        [
            new NamespaceController(cluster, rootCertificate),
            new DeploymentController(cluster, events, claims),
            new ReplicaSetController(cluster, events, claims),
            new StatefulSetController(cluster, events, claims),
            new DaemonSetController(cluster, events, claims),
            new ArgoRolloutController(cluster, events, claims),
            new EndpointsController(cluster, pods),
            new DisruptionController(cluster, events, pods),
            new AutoscalerController(cluster, events),
            new JobController(cluster, events, claims),
        ];
        foreach (var controller in All) controller.LookAtAll();
    }

    /// <summary>The controllers; each has subscribed to the cluster's changes.</summary>
    public IReadOnlyList<Controller> All { get; }

    /// <summary>What deletes the dependents of what is gone.</summary>
    public GarbageCollector Garbage { get; }
}
