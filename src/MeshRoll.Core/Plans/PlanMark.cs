using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans;

/// <summary>
/// What a plan leaves on each workload it has restarted: its id, written by the very patch that restarts, or, where the run replaces pods by itself, by the
/// one that ends it. So whoever goes on with the plan, on whichever machine and with whatever journal, sees in the cluster what is done.
/// </summary>
/// <remarks>It stays, as kubectl's restartedAt does: it tells who restarted the workload last, and costs nothing.</remarks>
public static class PlanMark
{
    /// <summary>The annotation on the workload; not on its template, which it must not change.</summary>
    public const string Annotation = "meshroll.io/plan";

    /// <summary>The plan that has restarted a workload last; empty for none.</summary>
    internal static string Of(IKubernetesObject workload) => workload.Metadata.Annotations.GetValueOrDefault(Annotation, "");
}
