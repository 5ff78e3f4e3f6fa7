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
        var (signal, words) = SignalOf(pod, status, hasToEnd, look);
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

    private static (ContainerSignal? Signal, string Words) SignalOf(Pod pod, ContainerStatus status, bool hasToEnd, Looking look)
    {
        if (status.State.Waiting is { } waiting)
        {
            if (hasToEnd && waiting.Reason == "CrashLoopBackOff") return (ContainerSignals.InitFailedOf(status.Name), Said.Waiting(status, waiting));
            if (IsPulledInVain(pod, status, waiting, look)) return (ContainerSignals.PullBackOff, Said.Waiting(status, waiting));
            return ContainerSignals.ByReason.TryGetValue(waiting.Reason, out var found) ? (found, Said.Waiting(status, waiting)) : (null, "");
        }
        var ended = status.State.Terminated;
        if (hasToEnd) return ended is { ExitCode: not 0 } ? (ContainerSignals.InitFailedOf(status.Name), Said.Ending(ended)!) : (null, "");
        if (!look.Observation.IsSingle || BetweenTwoCrashes(pod, status, look.ClusterNow) is not { } ending) return (null, "");
        return (ended is null ? ContainerSignals.CrashesAgain : ContainerSignals.Crashes, ending);
    }

    /// <summary>Once the kubelet has backed off, each further attempt shows for a moment as ErrImagePull: that is no beginning.</summary>
    private static bool IsPulledInVain(Pod pod, ContainerStatus status, ContainerWaiting waiting, Looking look)
    {
        var isInVain = waiting.Reason == ContainerSignals.PullBackOff.Reason || (waiting.Reason == "ErrImagePull" && HasBackedOff(pod, status, look));
        if (isInVain) look.Lasting(pod, status.Name, ContainerSignals.PullBackOff.Reason, null);
        return isInVain;
    }

    /// <summary>By what was seen before, or by what the kubelet has told: whoever looks for the first time may meet a later attempt.</summary>
    private static bool HasBackedOff(Pod pod, ContainerStatus status, Looking look)
    {
        if (look.Observation.Seen.Knows(pod.Metadata.Uid, status.Name, ContainerSignals.PullBackOff.Reason)) return true;
        look.Ask |= Following.Inquiry.Events;
        return look.HasBackedOffPulling(pod, status.Name);
    }

    /// <summary>
    /// How it ended last, for a container in a crash loop that is met at the moment when it has just ended or just been started again: who looks once only
    /// must not take that for health.
    /// </summary>
    private static string? BetweenTwoCrashes(Pod pod, ContainerStatus status, DateTimeOffset now)
    {
        if (status.RestartCount < ContainerSignals.CrashesAllowed || pod.Status.Phase is "Failed" or "Succeeded") return null;
        if (status.State.Running is { } running) return now - running.StartedAt < ContainerSignals.JustStarted ? Said.Ending(status.LastState.Terminated) : null;
        return Said.Ending(status.State.Terminated);
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
