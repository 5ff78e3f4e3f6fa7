using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>Turns a workload and its pods, as the server has them, into what a replacement decides on.</summary>
/// <param name="order">What is to be done.</param>
/// <param name="target">Which sidecar is wanted.</param>
/// <param name="firstPods">Uids of the pods there were when it began; null when that was in another process: then their age has to do.</param>
/// <param name="cluster">The cluster's name.</param>
internal sealed class ReplacementLook(ReplacementOrder order, RestartTarget target, IReadOnlySet<string>? firstPods, string cluster)
{
    private FirstSightings _seen = FirstSightings.None;

    /// <summary>What there is to see.</summary>
    public ReplacementSight At(IKubernetesObject? workload, IReadOnlyCollection<Pod> pods, MeshKnowledge knowledge, DateTimeOffset now)
    {
        if (workload is null || workload.Metadata.DeletionTimestamp is not null) return new() { Uid = null };

        List<Pod> living = [.. pods.Where(pod => pod.Status.Phase is not ("Failed" or "Succeeded"))];
        List<Pod> fresh = [.. pods.Where(pod => !WasThere(pod) && pod.Metadata.DeletionTimestamp is null)];
        var diagnosis = DiagnosisRules.Diagnose(new() { Workload = workload, Pods = fresh, Template = NewTemplate.EveryPod, Since = order.Mark.Since, Now = now, Seen = _seen });
        _seen = diagnosis.Seen;
        var lookAgain = diagnosis.LookAgain;
        var seen = new List<SeenPod>(living.Count);
        foreach (var pod in living)
        {
            var availableAt = AvailableAt(pod, WorkloadObject.MinReadyOf(workload));
            if (availableAt > now && !(lookAgain <= availableAt)) lookAgain = availableAt;
            seen.Add(new(pod.Metadata.Name, pod.Metadata.Uid)
            {
                Node = pod.Spec.NodeName,
                Created = pod.Metadata.CreationTimestamp ?? default,
                IsAvailable = availableAt <= now,
                IsEnding = pod.Metadata.DeletionTimestamp is not null,
                IsOld = WasThere(pod) && (order.Mark.AllPods || !RestartRules.IsUpToDate(knowledge.Describe(pod, order.Workload, cluster, WorkloadObject.TemplateOf(workload)), target)),
            });
        }
        return new()
        {
            Uid = workload.Metadata.Uid,
            Desired = WorkloadObject.Desired(workload),
            Mark = MarkRules.Of(workload),
            Pods = seen,
            Findings = diagnosis.Findings,
            Trouble = diagnosis.Findings.FirstOrDefault(finding => finding.Verdict == FindingVerdict.Fatal) ?? WrongSidecar(workload, fresh, knowledge),
            LookAgain = lookAgain,
        };
    }

    private bool WasThere(Pod pod) => firstPods?.Contains(pod.Metadata.Uid) ?? !(pod.Metadata.CreationTimestamp > order.Mark.Before);

    /// <summary>A replacement that serves but carries another sidecar than the one wanted: the next ones would too.</summary>
    private MeshFinding? WrongSidecar(IKubernetesObject workload, List<Pod> fresh, MeshKnowledge knowledge)
    {
        if ((target.DesiredVersion ?? target.DesiredRevision) is null) return null;
        return SidecarVerification.Check(order.Workload, cluster, target.DesiredVersion, target.DesiredRevision, [.. fresh.Where(pod => ReadySince(pod) is not null)], WorkloadObject.TemplateOf(workload), knowledge);
    }

    /// <summary>When the pod serves; MaxValue while that cannot be told.</summary>
    private static DateTimeOffset AvailableAt(Pod pod, TimeSpan minReady)
    {
        if (pod.Metadata.DeletionTimestamp is not null || ReadySince(pod) is not { } since) return DateTimeOffset.MaxValue;
        return minReady == TimeSpan.Zero ? DateTimeOffset.MinValue : since + minReady;
    }

    private static DateTimeOffset? ReadySince(Pod pod)
    {
        foreach (var condition in pod.Status.Conditions)
        {
            if (condition.Type == "Ready") return condition.Status == "True" ? condition.LastTransitionTime ?? DateTimeOffset.MinValue : null;
        }
        return null;
    }
}
