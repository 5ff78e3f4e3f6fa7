using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>A finding about one pod; <paramref name="Group"/> is equal for pods that suffer from the same thing.</summary>
internal sealed record PodFinding(Pod Pod, string Group, MeshFinding Finding);

/// <summary>Reads one pod: what keeps it from running, and since when.</summary>
internal sealed class PodSignals(Observation observation, FirstSightings seen)
{
    /// <summary>Grace before a pod without a node is worth a word: the scheduler tries again, and autoscalers need a moment.</summary>
    public static readonly TimeSpan UnschedulableGrace = TimeSpan.FromSeconds(15);

    /// <summary>From here on a pod without a node is taken as one that gets none: a new node takes an autoscaler a minute or three.</summary>
    public static readonly TimeSpan UnschedulablePatience = TimeSpan.FromMinutes(5);

    /// <summary>When one of the signals has to be judged again for the time passed; null when never.</summary>
    public DateTimeOffset? LookAgain { get; private set; }

    /// <summary>What is wrong with <paramref name="pod"/>; null when nothing is.</summary>
    public PodFinding? Read(Pod pod)
    {
        if (Disrupted(pod) is { } disrupted) return disrupted;
        if (Unschedulable(pod) is { } unschedulable) return unschedulable;
        PodFinding? worst = null;
        foreach (var status in pod.Status.InitContainerStatuses) worst = Worse(worst, Container(pod, status, init: true));
        foreach (var status in pod.Status.ContainerStatuses) worst = Worse(worst, Container(pod, status, init: false));
        return worst;
    }

    /// <summary>Evicted for lack of resources, or preempted by a more important pod: its controller makes another one.</summary>
    private static PodFinding? Disrupted(Pod pod)
    {
        var reason = pod.Status.Reason is "Evicted" or "Preempting" ? pod.Status.Reason
            : pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "DisruptionTarget", Status: "True" })?.Reason;
        if (reason is null) return null;
        var evicted = reason == "Evicted";
        return Finding(pod, evicted ? "Evicted" : "Preempted", FindingVerdict.Transient,
            evicted ? $"pod {pod.Metadata.Name} was evicted by its node" : $"pod {pod.Metadata.Name} has to make room",
            "Nothing to do: another pod takes its place. If it happens again, look at the nodes' resources.", Words(reason, pod.Status.Message));
    }

    private PodFinding? Unschedulable(Pod pod)
    {
        var condition = pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" });
        if (condition is null) return null;
        var since = seen.Note(observation.Seen, pod.Metadata.Uid, "", "Unschedulable", observation.Now);
        if (observation.IsSingle) since = condition.LastTransitionTime ?? pod.Metadata.CreationTimestamp ?? since;
        var lasting = observation.Now - since;
        Again(lasting, UnschedulableGrace);
        Again(lasting, UnschedulablePatience);
        if (lasting < UnschedulableGrace) return null;
        return Finding(pod, "Unschedulable", lasting < UnschedulablePatience ? FindingVerdict.Unknown : FindingVerdict.Fatal,
            $"pod {pod.Metadata.Name} finds no node: {Wording.Clause(Wording.Line(condition.Message))}",
            "Free or add resources, or relax its requests, affinity or tolerations.", Words(condition.Reason, condition.Message));
    }

    private PodFinding? Container(Pod pod, ContainerStatus status, bool init)
    {
        var specification = (init ? pod.Spec.InitContainers : pod.Spec.Containers).FirstOrDefault(container => container.Name == status.Name);
        // A native sidecar is an init container that stays.
        var hasToEnd = init && specification?.RestartPolicy != "Always";
        var (waiting, ended) = (status.State.Waiting, status.State.Terminated);
        var (signal, words) = (hasToEnd, waiting, ended) switch
        {
            (true, { Reason: "CrashLoopBackOff" }, _) => (ContainerSignals.InitFailed, Ending(status.LastState.Terminated) ?? Words(waiting.Reason, waiting.Message)),
            (true, _, { ExitCode: not 0 }) => (ContainerSignals.InitFailed, Ending(ended)!),
            (_, not null, _) when ContainerSignals.ByReason.TryGetValue(waiting.Reason, out var found) => (found, Said(status, waiting)),
            _ => (null, ""),
        };
        if (signal is null) return null;

        var lasting = observation.Now - seen.Note(observation.Seen, pod.Metadata.Uid, status.Name, signal.Id, observation.Now);
        if (signal.Id == "ImagePull") Again(lasting, ContainerSignals.PullPatience);
        var image = specification?.Image is { Length: > 0 } written ? written : status.Image;
        return Finding(pod, signal.Id, signal.Verdict(new(words, status.RestartCount, lasting)),
            $"{(init ? "init container" : "container")} {status.Name} of pod {pod.Metadata.Name} {signal.Says.Replace("{image}", image, StringComparison.Ordinal)} ({Wording.Line(words)})",
            signal.Advice, words, $"{signal.Id}/{status.Name}/{image}");
    }

    /// <summary>A crash loop's own message only tells how long the kubelet waits; how the last run ended says more.</summary>
    private static string Said(ContainerStatus status, ContainerWaiting waiting) =>
        waiting.Reason == "CrashLoopBackOff" && Ending(status.LastState.Terminated) is { } ending ? ending : Words(waiting.Reason, waiting.Message);

    private static string? Ending(ContainerTerminated? ended)
    {
        if (ended is null) return null;
        var how = ended.Signal != 0 ? $"signal {ended.Signal}" : $"exit code {ended.ExitCode}";
        return Words(ended.Reason is "" or "Error" or "Completed" ? how : $"{ended.Reason}, {how}", ended.Message);
    }

    private static string Words(string reason, string message) => message.Length == 0 ? reason : $"{reason}: {message.Trim()}";

    private static PodFinding Finding(Pod pod, string id, FindingVerdict verdict, string message, string advice, string evidence, string? group = null) =>
        new(pod, group ?? id, new()
        {
            Id = id,
            Severity = Severities.Of(verdict),
            Verdict = verdict,
            Object = $"pod/{pod.Metadata.Name}",
            Message = message,
            Advice = advice,
            Evidence = evidence,
        });

    private static PodFinding? Worse(PodFinding? one, PodFinding? other) =>
        one is null || (other is not null && Severities.Rank(other.Finding.Verdict) < Severities.Rank(one.Finding.Verdict)) ? other : one;

    private void Again(TimeSpan lasting, TimeSpan limit)
    {
        if (lasting >= limit) return;
        var time = observation.Now + (limit - lasting);
        if (!(LookAgain <= time)) LookAgain = time;
    }
}

/// <summary>How a verdict weighs.</summary>
internal static class Severities
{
    /// <summary>What stays wrong hurts, what may pass may hurt.</summary>
    public static FindingSeverity Of(FindingVerdict verdict) => verdict switch
    {
        FindingVerdict.Fatal => FindingSeverity.Error,
        FindingVerdict.Unknown => FindingSeverity.Warning,
        _ => FindingSeverity.Information,
    };

    /// <summary>0 for what is to be told first.</summary>
    public static int Rank(FindingVerdict verdict) => verdict switch
    {
        FindingVerdict.Fatal => 0,
        FindingVerdict.Unknown => 1,
        _ => 2,
    };
}
