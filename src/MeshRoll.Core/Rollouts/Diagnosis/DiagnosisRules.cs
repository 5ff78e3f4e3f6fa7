using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// From signals to a verdict on the rollout. Only pods of the new template count. A Deployment (or Argo Rollout) is doomed when all its new pods are:
/// one bad node must not end it. A StatefulSet or DaemonSet is doomed when any is: it does not go on past a pod that does not come up.
/// </summary>
public static class DiagnosisRules
{
    /// <summary>What is wrong, and whether it can still end well.</summary>
    public static RolloutDiagnosis Diagnose(Observation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        var template = observation.Template ?? NewTemplate.Of(observation.Workload, observation.Pods);
        var look = new Looking(observation);
        var (news, findings, twice) = (0, new List<PodFinding>(), new List<PodFinding>());
        foreach (var pod in observation.Pods)
        {
            if (pod.Metadata.DeletionTimestamp is not null || !template.Made(pod)) continue;
            // A pod that ended (evicted, completed) was or will be replaced: it counts neither for nor against.
            if (pod.Status.Phase is not ("Failed" or "Succeeded")) news++;
            if (PodSignals.Read(pod, look) is { } finding) findings.Add(finding);
            if (SidecarSignals.InjectedTwice(pod) is { } injected) twice.Add(injected);
        }

        var ofPods = Grouped(observation, findings);
        var ofWorkload = CreateFailures(observation, look).ToList();
        return new()
        {
            Findings = [.. ofPods.Concat(ofWorkload).Concat(Grouped(observation, twice)).OrderBy(finding => Severities.Rank(finding.Verdict))],
            Doom = Doom(observation.Workload, news, findings, ofPods, ofWorkload),
            DoomedHash = news > 0 ? template.Hash : "",
            LookAgain = look.LookAgain,
            Ask = look.Ask,
            Seen = look.Seen,
        };
    }

    private static MeshFinding? Doom(IKubernetesObject workload, int news, List<PodFinding> findings, IReadOnlyList<MeshFinding> ofPods, List<MeshFinding> ofWorkload)
    {
        var fatal = findings.Count(finding => finding.Finding.Verdict == FindingVerdict.Fatal);
        var any = workload is StatefulSet or DaemonSet;
        if (fatal > 0 && (any || fatal >= news)) return ofPods.First(finding => finding.Verdict == FindingVerdict.Fatal);
        return any || news == 0 ? ofWorkload.FirstOrDefault(finding => finding.Verdict == FindingVerdict.Fatal) : null;
    }

    /// <summary>One finding for all pods that suffer from the same thing, in the words of the first.</summary>
    private static List<MeshFinding> Grouped(Observation observation, List<PodFinding> findings) => findings.Count == 0 ? [] :
    [
        .. findings.GroupBy(finding => (finding.Group, finding.Finding.Verdict)).Select(group => About(WorkloadObject.ReferenceOf(observation.Workload), observation.Cluster, group.Count() == 1
            ? group.First().Finding
            : group.First().Finding with { Message = $"{group.First().Finding.Message}; the same with {Wording.Count(group.Count() - 1, "other pod")}" }))
        .OrderBy(finding => Severities.Rank(finding.Verdict)),
    ];

    /// <summary>Pods that do not exist because the API server refuses them: by the workload's condition, and by events where they were asked for.</summary>
    private static IEnumerable<MeshFinding> CreateFailures(Observation observation, Looking look)
    {
        var condition = ConditionsOf(observation.Workload).FirstOrDefault(condition => condition is { Type: "ReplicaFailure", Status: "True" });
        if (condition is not null) yield return CreateFailure(observation, look, condition.Reason, condition.Message);

        if (!observation.PodsAreMissing) yield break;
        var newest = observation.Events.Where(failed => failed.Reason == "FailedCreate" && IsOfThisRollout(failed, observation.Since)).MaxBy(EventTimes.Last);
        if (newest is not null && (condition is null || CreateFailureSignals.For(condition.Message) != CreateFailureSignals.For(newest.Message)))
            yield return CreateFailure(observation, look, newest.Reason, newest.Message);
    }

    // A minute's allowance: the cluster's clock and ours may differ, and events have whole seconds.
    private static bool IsOfThisRollout(Event failed, DateTimeOffset? since) => since is not { } began || EventTimes.Last(failed) is not { } time || time >= began - TimeSpan.FromMinutes(1);

    private static MeshFinding CreateFailure(Observation observation, Looking look, string reason, string message)
    {
        var signal = CreateFailureSignals.For(message);
        var istiod = "";
        if (signal.Id == CreateFailureSignals.InjectionFailed)
        {
            look.Ask |= Following.Inquiry.ControlPlane;
            if (IstiodHealth.Behind(message, observation.Istiods) is { IsUnwell: true } unwell) istiod = $"; {unwell.InWords}";
        }
        return About(WorkloadObject.ReferenceOf(observation.Workload), observation.Cluster, new()
        {
            Id = signal.Id,
            Verdict = signal.Verdict,
            Severity = Severities.Of(signal.Verdict),
            Object = $"{WorkloadObject.KindOf(observation.Workload).ToLowerInvariant()}/{observation.Workload.Metadata.Name}",
            Message = $"{signal.Says} ({Wording.Line(message)}){istiod}",
            Advice = istiod.Length > 0 ? IstiodHealth.Advice : signal.Advice,
            Evidence = PlainText.Of($"{reason}: {message}{istiod}"),
        });
    }

    /// <summary>What the workload's controller says about it; a StatefulSet's and a DaemonSet's say nothing.</summary>
    internal static IReadOnlyList<Condition> ConditionsOf(IKubernetesObject workload) => workload switch
    {
        Deployment deployment => deployment.Status.Conditions,
        ArgoRollout rollout => rollout.Status.Conditions,
        _ => [],
    };

    /// <summary>Pods of the newest template that carry two meshes' sidecars: wrong however well they are.</summary>
    internal static IReadOnlyList<MeshFinding> InjectedTwice(IKubernetesObject workload, string cluster, IReadOnlyCollection<Pod> pods)
    {
        List<PodFinding>? twice = null;
        foreach (var pod in pods)
        {
            if (pod.Metadata.DeletionTimestamp is null && SidecarSignals.InjectedTwice(pod) is { } found) (twice ??= []).Add(found);
        }
        return twice is null ? [] : Grouped(new() { Workload = workload, Cluster = cluster, Now = default }, twice);
    }

    /// <summary>With the workload it concerns, so that it can go down the pipeline by itself.</summary>
    internal static MeshFinding About(WorkloadReference workload, string cluster, MeshFinding finding) =>
        finding with { Cluster = cluster, Namespace = workload.Namespace, Kind = workload.Kind, Name = workload.Name };
}
