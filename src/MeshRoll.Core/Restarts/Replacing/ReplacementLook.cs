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
/// <param name="failOnFatalFinding">Whether a finding that cannot pass by itself ends the replacement at once.</param>
internal sealed class ReplacementLook(ReplacementOrder order, RestartTarget target, IReadOnlySet<string>? firstPods, string cluster, bool failOnFatalFinding = true)
{
    /// <summary>A pod that is ready for an instant and then crashes is no replacement, though its workload asks for no longer time.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, (DateTimeOffset Since, DateTimeOffset SeenAt)> _ready = [];
    private FirstSightings _seen = FirstSightings.None;

    /// <summary>What there is to see.</summary>
    public ReplacementSight At(IKubernetesObject? workload, IReadOnlyCollection<Pod> pods, MeshKnowledge knowledge, DateTimeOffset now)
    {
        if (workload is null || workload.Metadata.DeletionTimestamp is not null) return new() { Uid = null };

        List<Pod> living = [.. pods.Where(pod => pod.Status.Phase is not ("Failed" or "Succeeded"))];
        List<Pod> fresh = [.. pods.Where(pod => !WasThere(pod) && pod.Metadata.DeletionTimestamp is null)];
        var diagnosis = DiagnosisRules.Diagnose(new() { Workload = workload, Cluster = cluster, Pods = fresh, Template = NewTemplate.EveryPod, Since = order.Mark.Since, Now = now, Seen = _seen });
        _seen = diagnosis.Seen;
        var lookAgain = diagnosis.LookAgain;
        var seen = new List<SeenPod>(living.Count);
        foreach (var pod in living)
        {
            var availableAt = AvailableAt(pod, WorkloadObject.MinReadyOf(workload), now);
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
            Trouble = diagnosis.Findings.FirstOrDefault(finding => failOnFatalFinding && finding.Verdict == FindingVerdict.Fatal) ?? WrongSidecar(workload, fresh, knowledge),
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

    /// <summary>
    /// When the pod serves; MaxValue while that cannot be told. Counted from the server's time or from when it was seen here first, whichever comes earlier:
    /// the clocks may differ.
    /// </summary>
    private DateTimeOffset AvailableAt(Pod pod, TimeSpan minReady, DateTimeOffset now)
    {
        if (pod.Metadata.DeletionTimestamp is not null || ReadySince(pod) is not { } since)
        {
            _ready.Remove(pod.Metadata.Uid);
            return DateTimeOffset.MaxValue;
        }
        var needed = WasThere(pod) || minReady > Settling ? minReady : Settling;
        if (needed == TimeSpan.Zero) return DateTimeOffset.MinValue;
        if (!_ready.TryGetValue(pod.Metadata.Uid, out var known) || known.Since != since) _ready[pod.Metadata.Uid] = known = (since, now);
        return (since < known.SeenAt ? since : known.SeenAt) + needed;
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
