using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// A pod that has been waiting for its containers longer than usual. Pulling a big image takes minutes and is nothing wrong, so by itself that is no
/// finding: the events are looked at, and what they tell is.
/// </summary>
internal static class StartSignals
{
    /// <summary>So long a pod may take to get volumes and network before events are looked at.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    public static PodFinding? Read(Pod pod, Looking look)
    {
        if (pod.Status.Phase is not ("Pending" or "") || IsAtWork(pod)) return null;
        if (!look.IsOver(look.Lasting(pod, "", "Starting", null), Grace)) return null;

        look.Ask |= Inquiry.Events;
        if (look.Newest(pod, told => EventSignals.For(told) is not null) is not { } told) return null;
        var signal = EventSignals.For(told)!;
        return PodFinding.Of(pod, signal.Id, signal.Verdict, $"pod {pod.Metadata.Name} {signal.Says} ({Wording.Line(LogText.Line(told.Message))})", signal.Advice, Said.Event(told));
    }

    // An init container that runs does its work, however long it takes; a native sidecar stays and is looked at elsewhere.
    private static bool IsAtWork(Pod pod) =>
        pod.Status.InitContainerStatuses.Any(status => status.State.Running is not null) || pod.Status.ContainerStatuses.Any(status => status.State.Running is not null);
}
