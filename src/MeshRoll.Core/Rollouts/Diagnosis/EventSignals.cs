using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>One way in which a pod's start fails that only an event tells.</summary>
/// <param name="Reason">The event's reason (pkg/kubelet/events, attach-detach controller, scheduler).</param>
/// <param name="Id">The finding's id.</param>
/// <param name="Says">What is wrong, to follow "pod x".</param>
/// <param name="Advice">What to do.</param>
internal sealed record EventSignal(string Reason, string Id, string Says, string Advice)
{
    /// <summary>Words of the message that this row is about; none means any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether it can pass by itself.</summary>
    public FindingVerdict Verdict { get; init; } = FindingVerdict.Unknown;

    /// <summary>Whether an event is this signal.</summary>
    public bool Fits(Event told) => told.Reason == Reason && (Words.Count == 0 || Words.Any(word => told.Message.Contains(word, StringComparison.OrdinalIgnoreCase)));
}

/// <summary>
/// The table of what events tell about a pod whose containers are not even created. The first row that fits counts. Rules that need a word:
/// <list type="bullet">
/// <item>The map istio-ca-root-cert is written into every namespace by istiod: without it every sidecar waits, and as soon as istiod is well it is there.</item>
/// <item>A ConfigMap or Secret that is mounted and missing: the kubelet tries for ever, and controllers that make secrets need a moment, so the deadline decides.</item>
/// <item>A volume that one node may use at a time: the new pod waits for the old one, which a rolling update keeps until the new one is ready.</item>
/// </list>
/// </summary>
internal static class EventSignals
{
    public static IReadOnlyList<EventSignal> Table { get; } =
    [
        new("FailedMount", "IstioRootCertificateMissing", "cannot start its sidecar: ConfigMap istio-ca-root-cert is missing, which istiod writes into every namespace", "Check that istiod is ready and may write ConfigMaps in this namespace.") { Words = ["istio-ca-root-cert"] },
        new("FailedMount", "VolumeMount", "waits for a volume that is about to be mounted", "Nothing to do: the kubelet tries again.") { Words = ["failed to sync", "not registered"], Verdict = FindingVerdict.Transient },
        new("FailedMount", "VolumeMount", "cannot mount a volume", "Create the ConfigMap, Secret or claim that the volume names, or look at the storage driver on the node."),
        new("FailedAttachVolume", "VolumeAttach", "cannot get its volume, which another pod still uses", "A volume that one node uses at a time needs the old pod gone first: let the workload replace pods with maxSurge 0 or Recreate.") { Words = ["Multi-Attach", "already exclusively attached", "already used by"] },
        new("FailedAttachVolume", "VolumeAttach", "cannot get its volume attached to the node", "Look at the storage driver and at the claim (kubectl describe pvc)."),
        new("FailedCreatePodSandBox", "MeshNetwork", "gets no network because the mesh's CNI plugin fails", "Check the mesh's CNI DaemonSet on the pod's node.") { Words = ["istio-cni", "linkerd-cni", "consul-cni"] },
        new("FailedCreatePodSandBox", "PodSandbox", "gets no network or sandbox on its node", "Look at the network plugin and the container runtime of the node."),
        new("NetworkNotReady", "PodSandbox", "waits for its node's network", "Nothing to do while the node starts; if it lasts, look at the network plugin.") { Verdict = FindingVerdict.Transient },
        new("FailedScheduling", "Unschedulable", "finds no node", "Free or add resources, or relax its requests, affinity or tolerations."),
        new("Preempting", "Preempted", "has to make room", "Nothing to do: another pod takes its place.") { Verdict = FindingVerdict.Transient },
        new("Evicted", "Evicted", "was evicted by its node", "Nothing to do: another pod takes its place. If it happens again, look at the nodes' resources.") { Verdict = FindingVerdict.Transient },
        new("NodeNotReady", "NodeNotReady", "is on a node that does not answer", "Look at the node; its pods are made anew elsewhere after some minutes."),
    ];

    /// <summary>The reasons that events are asked for, besides those about refused pods and probes.</summary>
    public static IReadOnlySet<string> Reasons { get; } = Table.Select(signal => signal.Reason).ToHashSet(StringComparer.Ordinal);

    /// <summary>What an event means; null when it means nothing here.</summary>
    public static EventSignal? For(Event told) => Table.FirstOrDefault(signal => signal.Fits(told));
}
