using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// After success: do the new pods really carry the sidecar they were restarted for? A restart that changes nothing would be done again and again,
/// so it is said, with the label that decided.
/// </summary>
internal static class SidecarVerification
{
    /// <summary>The finding's id.</summary>
    public const string Outdated = "SidecarStillOutdated";

    /// <summary>The new pods that stay; what they carry is what a restart gives.</summary>
    public static IReadOnlyList<Pod> NewPods(IKubernetesObject workload, IReadOnlyCollection<Pod> pods)
    {
        var template = NewTemplate.Of(workload, pods);
        return [.. pods.Where(pod => pod.Metadata.DeletionTimestamp is null && pod.Status.Phase is not ("Failed" or "Succeeded") && template.Made(pod))];
    }

    /// <summary>
    /// What is wrong; null when all is well or nothing is known to the contrary (an image without a version). <paramref name="knowledge"/> tells why, and
    /// knows tags: a pod that it calls up to date is right under any name of its revision. An empty one still reads what runs.
    /// </summary>
    public static MeshFinding? Check(MeshRollout rollout, IKubernetesObject workload, IReadOnlyCollection<Pod> pods, MeshKnowledge knowledge)
    {
        return Check(WorkloadObject.ReferenceOf(workload), rollout.Cluster, rollout.DesiredVersion, rollout.DesiredRevision, NewPods(workload, pods), null, knowledge);
    }

    /// <summary>The same for <paramref name="news"/>, which are known to be new; a pod is judged by <paramref name="template"/> where that is given.</summary>
    public static MeshFinding? Check(
        WorkloadReference owner, string cluster, string? version, string? desiredRevision, IReadOnlyList<Pod> news, PodTemplate? template, MeshKnowledge knowledge)
    {
        var wrong = new List<(Pod Pod, MeshSidecar? Sidecar)>();
        foreach (var pod in news)
        {
            var sidecar = knowledge.Describe(pod, owner, cluster, template);
            if (!IsRight(sidecar, version, desiredRevision)) wrong.Add((pod, sidecar));
        }
        if (wrong.Count == 0) return null;

        var (first, carries) = wrong[0];
        var wanted = string.Join(" of revision ", new[] { version, desiredRevision }.OfType<string>());
        var runs = carries is null ? "carries no sidecar" : $"still carries {carries.Version ?? carries.Image}{(carries.Revision is { } revision ? $" of revision {revision}" : "")}";
        var why = carries is { Outdated: not null, Reason.Length: > 0 } ? $" ({carries.Reason})" : "";
        return new()
        {
            Id = Outdated,
            Severity = FindingSeverity.Error,
            Verdict = FindingVerdict.Fatal,
            Object = $"pod/{first.Metadata.Name}",
            Message = $"{wrong.Count} of {Wording.Count(news.Count, "new pod")} did not get the sidecar wanted: pod {first.Metadata.Name} {runs} instead of {wanted}{why}",
            Advice = "Another restart gives the same; first make the label that decides (the namespace's before the pod's own) name the wanted revision.",
            Evidence = carries?.Image ?? "",
        };
    }

    private static bool IsRight(MeshSidecar? sidecar, string? desiredVersion, string? desiredRevision)
    {
        if (sidecar is null) return false;
        if (desiredVersion is { } version && sidecar.Version is { } runs && runs != version) return false;
        return desiredRevision is not { } revision || sidecar.Revision is null || sidecar.Revision == revision || sidecar.Outdated == false;
    }
}
