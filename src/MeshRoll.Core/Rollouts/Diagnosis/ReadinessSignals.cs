using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// A pod whose containers all run and that is not ready for longer than its own readiness probe needs to know. Whether it ever will be nobody can tell,
/// so the deadline decides; but what the probe says is worth seeing long before.
/// </summary>
internal static class ReadinessSignals
{
    /// <summary>The finding's ids.</summary>
    public const string NotReady = "NotReady", ReadinessGate = "ReadinessGate";

    /// <summary>For what the probe does not count: the kubelet starts probing at a random moment and reports with some delay.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>A readiness gate is opened by a controller such as a load balancer's, which needs its time.</summary>
    public static readonly TimeSpan GatePatience = TimeSpan.FromMinutes(1);

    public static PodFinding? Read(Pod pod, Looking look)
    {
        if (pod.Status.Phase != "Running") return null;
        foreach (var status in pod.Status.ContainerStatuses)
        {
            // Before the startup probe has passed nobody asks for readiness; one that never passes ends in a crash loop.
            if (status is not { Ready: false, Started: not false, State.Running: { } running } || SidecarContainers.MeshOf(status.Name) is not null) continue;
            var probe = pod.Spec.Containers.FirstOrDefault(container => container.Name == status.Name)?.ReadinessProbe;
            if (look.IsOver(look.Lasting(pod, status.Name, NotReady, running.StartedAt), Window(probe))) return Unready(pod, status, look);
        }
        return Gate(pod, look);
    }

    /// <summary>So long a healthy container may take to count as ready, or an unwell one to be known as such.</summary>
    public static TimeSpan Window(Probe? probe)
    {
        if (probe is null) return Slack;
        var attempts = Math.Max(1, probe.FailureThreshold) + Math.Max(1, probe.SuccessThreshold) - 1;
        return TimeSpan.FromSeconds(probe.InitialDelaySeconds + (attempts * Math.Max(1, probe.PeriodSeconds))) + Slack;
    }

    private static PodFinding Unready(Pod pod, ContainerStatus status, Looking look)
    {
        look.Ask |= Inquiry.Events;
        var told = look.NewestProbe(pod, status.Name, "Readiness");
        var probe = told is null ? "" : $" ({Wording.Clause(Wording.Line(LogText.Line(told.Message)))})";
        return PodFinding.Of(pod, NotReady, FindingVerdict.Unknown, $"container {status.Name} of pod {pod.Metadata.Name} runs but does not get ready{probe}",
            "Read its log for what it waits for, and check that its readiness probe asks the right port and path.",
            told is null ? "running, not ready" : Said.Event(told), $"{NotReady}/{status.Name}").On(status, LogRun.Present);
    }

    private static PodFinding? Gate(Pod pod, Looking look)
    {
        var condition = pod.Status.Conditions.FirstOrDefault(condition => condition is { Type: "Ready", Status: "False", Reason: "ReadinessGatesNotReady" });
        if (condition is null || !look.IsOver(look.Lasting(pod, "", ReadinessGate, condition.LastTransitionTime), GatePatience)) return null;
        return PodFinding.Of(pod, ReadinessGate, FindingVerdict.Unknown,
            $"pod {pod.Metadata.Name} is well, but a readiness gate keeps it from being ready ({Wording.Clause(Wording.Line(condition.Message))})",
            "Look at the controller that opens the gate, such as a load balancer's.", Said.Words(condition.Reason, condition.Message));
    }
}
