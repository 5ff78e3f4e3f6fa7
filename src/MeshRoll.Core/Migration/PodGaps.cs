using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Migration;

/// <summary>Which failures of a reading leave pods uncounted. Workloads that may not be read hide no pod: they only leave open whether it can be restarted.</summary>
internal static class PodGaps
{
    /// <summary>Whether pods may be missing because of an error.</summary>
    public static bool HidesPods(MeshRollException error) => error switch
    {
        ApiException { Request.Resource: var resource } => resource is "pods" or "namespaces",
        NotFoundException => false,
        _ => true,
    };
}
