using System.Globalization;
using MeshRoll.Sandbox.Controllers.Revisions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Observing;

/// <summary>Which template a workload's new pods are made from, and which one a pod was.</summary>
internal static class Templates
{
    private static readonly string[] RevisionAnnotations = ["deployment.kubernetes.io/revision", "rollout.argoproj.io/revision"];

    /// <summary>The present template of a workload: the one of the highest revision among those its controller has written down; empty while there is none.</summary>
    public static string Present(ObjectStore store, StoredObject workload) => workload.Resource switch
    {
        var resource when resource == ApiResources.ReplicaSets => OfReplicaSet(workload),
        var resource when resource == ApiResources.StatefulSets || resource == ApiResources.DaemonSets =>
            Newest(store.OwnedBy(workload.Uid, ApiResources.ControllerRevisions), static revision => revision.As<ControllerRevisionView>().Number)?.Name ?? "",
        _ => Newest(store.OwnedBy(workload.Uid, ApiResources.ReplicaSets), RevisionOf)?.Uid ?? "",
    };

    /// <summary>The template of a pod that this controller has made: a workload itself, or the ReplicaSet of one.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="controller">Its controller.</param>
    /// <param name="owner">The workload.</param>
    /// <param name="present">The workload's present template.</param>
    public static string Of(StoredObject pod, StoredObject controller, StoredObject owner, string present)
    {
        if (controller.Resource == ApiResources.ReplicaSets) return controller == owner ? present : controller.Uid;
        // A StatefulSet's pods carry the revision's whole name, a DaemonSet's the hash at its end.
        var revision = pod.Labels.GetValueOrDefault("controller-revision-hash", "");
        return controller.Resource == ApiResources.DaemonSets ? $"{controller.Name}-{revision}" : revision;
    }

    // A ReplicaSet keeps no history: the template itself tells whether it is another one.
    private static string OfReplicaSet(StoredObject replicaSet)
    {
        using var document = replicaSet.Wish.Parse();
        return document.RootElement.At("spec", "template").GetRawText();
    }

    private static long RevisionOf(StoredObject replicaSet)
    {
        foreach (var name in RevisionAnnotations)
        {
            if (long.TryParse(replicaSet.Metadata.Annotations.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return revision;
        }
        return 0;
    }

    private static StoredObject? Newest(IEnumerable<StoredObject> candidates, Func<StoredObject, long> revisionOf)
    {
        StoredObject? newest = null;
        var highest = -1L;
        foreach (var candidate in candidates)
        {
            var revision = revisionOf(candidate);
            if (revision > highest) (newest, highest) = (candidate, revision);
        }
        return newest;
    }
}
