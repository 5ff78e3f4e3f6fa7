using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>How pods are asked for.</summary>
internal static class PodQuery
{
    /// <summary>Pods that have not ended, as new as the store itself, page by page: the first sidecar is out while the last page is still to come.</summary>
    public static ListQuery Of(string? labelSelector) => new()
    {
        LabelSelector = labelSelector,
        FieldSelector = "status.phase!=Succeeded,status.phase!=Failed",
    };

    /// <summary>Whether the pod is there to stay: neither ended nor being deleted.</summary>
    public static bool IsLive(Pod pod) => pod.Metadata.DeletionTimestamp is null && pod.Status.Phase is not ("Succeeded" or "Failed");

    /// <summary>Whether the pod says that it is ready.</summary>
    public static bool IsReady(Pod pod)
    {
        foreach (var condition in pod.Status.Conditions)
        {
            if (condition.Type == "Ready") return condition.Status == "True";
        }
        return false;
    }
}
