using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// Reads one pod: what keeps it from running, and since when. In the order of a pod's life, so that the cause is told and not what follows from it:
/// taken away, without a node, a container that does not run, a volume or network that is missing, a sidecar that is not ready, an application that is not.
/// </summary>
internal static class PodSignals
{
    /// <summary>Grace before a pod without a node is worth a word: the scheduler tries again, and autoscalers need a moment.</summary>
    public static readonly TimeSpan UnschedulableGrace = TimeSpan.FromSeconds(15);

    /// <summary>From here on a pod without a node is taken as one that gets none: a new node takes an autoscaler a minute or three.</summary>
    public static readonly TimeSpan UnschedulablePatience = TimeSpan.FromMinutes(5);

    private const string WaitsForNode = "Free or add resources, or relax its requests, affinity or tolerations.";

    /// <summary>What is wrong with <paramref name="pod"/>; null when nothing is.</summary>
    public static PodFinding? Read(Pod pod, Looking look)
    {
        if (Disrupted(pod) is { } disrupted) return disrupted;
        // As nearly all are, each time one of them changes.
        if (IsWell(pod)) return null;
        return Unschedulable(pod, look) ?? Containers(pod, look) ?? StartSignals.Read(pod, look) ?? SidecarSignals.Read(pod, look) ?? ReadinessSignals.Read(pod, look);
    }

    /// <summary>Whether it is ready, with all of its containers: then no signal below has anything to tell.</summary>
    private static bool IsWell(Pod pod)
    {
        if (pod.Status.Phase != "Running") return false;
        foreach (var status in pod.Status.ContainerStatuses)
        {
            if (!status.Ready) return false;
        }
        foreach (var status in pod.Status.InitContainerStatuses)
        {
            if (!status.Ready && status.State.Terminated is not { ExitCode: 0 }) return false;
        }
        foreach (var condition in pod.Status.Conditions)
        {
            if (condition.Type == "Ready") return condition.Status == "True";
        }
        return false;
    }

    /// <summary>Evicted for lack of resources, or preempted by a more important pod: its controller makes another one.</summary>
    private static PodFinding? Disrupted(Pod pod)
    {
        var reason = pod.Status.Reason is "Evicted" or "Preempting" ? pod.Status.Reason
            : pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "DisruptionTarget", Status: "True" })?.Reason;
        if (reason is null) return null;
        var evicted = reason == "Evicted";
        return PodFinding.Of(pod, evicted ? "Evicted" : "Preempted", FindingVerdict.Transient,
            evicted ? $"pod {pod.Metadata.Name} was evicted by its node" : $"pod {pod.Metadata.Name} has to make room",
            "Nothing to do: another pod takes its place. If it happens again, look at the nodes' resources.", Said.Words(reason, pod.Status.Message));
    }

    private static PodFinding? Unschedulable(Pod pod, Looking look)
    {
        var condition = pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" });
        if (condition is null) return null;
        var lasting = look.Lasting(pod, "", "Unschedulable", condition.LastTransitionTime ?? pod.Metadata.CreationTimestamp);
        var isPatienceOver = look.IsOver(lasting, UnschedulablePatience);
        if (!look.IsOver(lasting, UnschedulableGrace)) return null;
        return PodFinding.Of(pod, "Unschedulable", isPatienceOver ? FindingVerdict.Fatal : FindingVerdict.Unknown,
            $"pod {pod.Metadata.Name} finds no node: {Wording.Clause(Wording.Line(condition.Message))}", WaitsForNode, Said.Words(condition.Reason, condition.Message));
    }

    private static PodFinding? Containers(Pod pod, Looking look)
    {
        PodFinding? worst = null;
        foreach (var status in pod.Status.InitContainerStatuses) worst = PodFinding.Worse(worst, Container(pod, status, init: true, look));
        foreach (var status in pod.Status.ContainerStatuses) worst = PodFinding.Worse(worst, Container(pod, status, init: false, look));
        return worst;
    }

    private static PodFinding? Container(Pod pod, ContainerStatus status, bool init, Looking look)
    {
        var specification = (init ? pod.Spec.InitContainers : pod.Spec.Containers).FirstOrDefault(container => container.Name == status.Name);
        // A native sidecar is an init container that stays.
        var hasToEnd = init && specification?.RestartPolicy != "Always";
        var (waiting, ended) = (status.State.Waiting, status.State.Terminated);
        var (signal, words) = (hasToEnd, waiting, ended) switch
        {
            (true, { Reason: "CrashLoopBackOff" }, _) => (ContainerSignals.InitFailedOf(status.Name), Said.Ending(status.LastState.Terminated) ?? Said.Words(waiting.Reason, waiting.Message)),
            (true, _, { ExitCode: not 0 }) => (ContainerSignals.InitFailedOf(status.Name), Said.Ending(ended)!),
            (_, not null, _) when ContainerSignals.ByReason.TryGetValue(waiting.Reason, out var found) => (found, Said.Waiting(status, waiting)),
            _ => (null, ""),
        };
        if (signal is null) return null;

        var lasting = look.Lasting(pod, status.Name, signal.Id, null);
        if (signal.Id == "ImagePull") look.IsOver(lasting, ContainerSignals.PullPatience);
        var image = specification?.Image is { Length: > 0 } written ? written : status.Image;
        var kind = hasToEnd ? "init container" : SidecarContainers.MeshOf(status.Name) is not null ? "sidecar" : init ? "init container" : "container";
        var (killed, evidence) = signal.Id == ContainerSignals.CrashLoop ? ProbeThatEndsIt(pod, status, words, look) : ("", words);
        return PodFinding.Of(pod, signal.Id, signal.Verdict(new(words, status.RestartCount, lasting)),
            $"{kind} {status.Name} of pod {pod.Metadata.Name} {signal.Says.Replace("{image}", image, StringComparison.Ordinal)} ({Wording.Line(words)}{killed})",
            killed.Length > 0 ? ContainerSignals.KilledByProbe : signal.Advice, evidence, $"{signal.Id}/{status.Name}/{image}")
            .On(status, RunOf(status));
    }

    /// <summary>Whoever does not answer its liveness or startup probe is ended by the kubelet: then the exit code tells of that alone.</summary>
    private static (string Killed, string Evidence) ProbeThatEndsIt(Pod pod, ContainerStatus status, string words, Looking look)
    {
        look.Ask |= Following.Inquiry.Events;
        if (look.NewestProbe(pod, status.Name, "Liveness", "Startup") is not { } told) return ("", words);
        return ($"; {Wording.Clause(LogText.Line(told.Message))}", $"{words}; {Said.Event(told)}");
    }

    // By the time somebody reads, a container that waits may run again: its last run is then the one before.
    private static LogRun RunOf(ContainerStatus status) =>
        status.State.Waiting is not null && status.LastState.Terminated is not null ? LogRun.Previous
        : status.State.Terminated is not null || status.LastState.Terminated is not null ? LogRun.Present
        : LogRun.None;
}
