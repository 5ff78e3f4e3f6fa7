using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>
/// Tells pods of a workload's newest template from older ones, by the label its controller puts on them. Only new pods say how a rollout goes:
/// an old one that crashes says nothing about it.
/// </summary>
public readonly record struct NewTemplate
{
    /// <summary>The hash of the newest template; empty when it is not known (no new pod exists yet).</summary>
    public string Hash { get; private init; }

    private string Label { get; init; }

    private string? Value { get; init; }

    private DateTimeOffset? MadeSince { get; init; }

    private bool IsOfAll { get; init; }

    private const string PodTemplateHash = "pod-template-hash";
    private const string ControllerRevisionHash = "controller-revision-hash";
    private const string PodTemplateGeneration = "pod-template-generation";
    private const string DaemonSetTemplateGeneration = "deprecated.daemonset.template.generation";
    private const string RestartedAt = Restarts.RestartPatch.Annotation;
    private const string ArgoPodTemplateHash = "rollouts-pod-template-hash";

    /// <summary>Whether <paramref name="pod"/> was made from the newest template.</summary>
    public bool Made(Pod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        if (IsOfAll) return true;
        if (Value is null || pod.Metadata.Labels.GetValueOrDefault(Label) != Value) return false;
        return MadeSince is null || !(pod.Metadata.CreationTimestamp < MadeSince);
    }

    /// <summary>For pods that are known to be new whatever their labels say.</summary>
    public static NewTemplate EveryPod { get; } = new() { Hash = "", Label = "", IsOfAll = true };

    /// <summary>The newest template of a workload of any of the four kinds, or of a ReplicaSet; <paramref name="pods"/> are its own.</summary>
    public static NewTemplate Of(IKubernetesObject workload, IReadOnlyCollection<Pod> pods) => workload switch
    {
        StatefulSet set => Of(set),
        DaemonSet set => Of(set, pods),
        ArgoRollout rollout => Of(rollout),
        Deployment deployment => Of(deployment, pods),
        // All pods of a ReplicaSet are of its one template, as far as it goes.
        ReplicaSet => EveryPod,
        null => throw new ArgumentNullException(nameof(workload)),
        _ => throw new ArgumentException($"A {workload.GetType().Name} has no template to compare with.", nameof(workload)),
    };

    /// <summary>The newest template of a StatefulSet: status.updateRevision names it.</summary>
    public static NewTemplate Of(StatefulSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return With(ControllerRevisionHash, set.Status.UpdateRevision);
    }

    /// <summary>The newest template of an Argo Rollout: status.currentPodHash names it; a restart keeps the template, so then age counts.</summary>
    public static NewTemplate Of(ArgoRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return With(ArgoPodTemplateHash, rollout.Status.CurrentPodHash) with { MadeSince = rollout.Spec.RestartAt };
    }

    /// <summary>
    /// The newest template of a DaemonSet. Its status does not name it, but its pods carry the template's number (pkg/controller/daemon/util,
    /// CreatePodTemplate), and the API gives the DaemonSet's as an annotation. Without either, the newest pod's hash is taken.
    /// </summary>
    public static NewTemplate Of(DaemonSet set, IReadOnlyCollection<Pod> pods)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(pods);
        if (set.Metadata.Annotations.GetValueOrDefault(DaemonSetTemplateGeneration) is not { Length: > 0 } generation) return Newest(pods, ControllerRevisionHash);
        var template = With(PodTemplateGeneration, generation);
        foreach (var pod in pods)
        {
            if (template.Made(pod)) return template with { Hash = pod.Metadata.Labels.GetValueOrDefault(ControllerRevisionHash, "") };
        }
        return template with { Hash = "" };
    }

    /// <summary>
    /// The newest template of a Deployment as far as its pods tell: the hash of the pod made last, among those that look as if cut from the template.
    /// Creation times have whole seconds, so a look at what the pods carry comes first. Where admission changed what they carry, only the time of
    /// restart and the age are left; right after an undo, whose pods may be older, that can be wrong. Before a verdict is built on it, the ReplicaSet is asked.
    /// </summary>
    public static NewTemplate Of(Deployment deployment, IReadOnlyCollection<Pod> pods)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(pods);
        var template = deployment.Spec.Template;
        var restart = RestartTime(template.Metadata);
        // Every event of every pod comes through here.
        var (restarted, alike) = (new List<Pod>(pods.Count), new List<Pod>(pods.Count));
        foreach (var pod in pods)
        {
            if (RestartTime(pod.Metadata) != restart) continue;
            restarted.Add(pod);
            if (IsCutFrom(pod, template)) alike.Add(pod);
        }
        return Newest(alike.Count > 0 ? alike : restarted, PodTemplateHash);
    }

    // Injection adds labels, annotations and containers to a pod; it takes none away. An image "auto" is a place it fills.
    private static bool IsCutFrom(Pod pod, PodTemplate template)
    {
        if (!HasAll(pod.Metadata.Labels, template.Metadata.Labels) || !HasAll(pod.Metadata.Annotations, template.Metadata.Annotations)) return false;
        foreach (var wanted in template.Spec.Containers)
        {
            if (wanted.Image != "auto" && !Has(pod, wanted)) return false;
        }
        return true;
    }

    private static bool Has(Pod pod, Container wanted)
    {
        foreach (var container in pod.Spec.Containers)
        {
            if (container.Name == wanted.Name && container.Image == wanted.Image) return true;
        }
        return false;
    }

    private static bool HasAll(IReadOnlyDictionary<string, string> carried, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (var (key, value) in wanted)
        {
            if (!carried.TryGetValue(key, out var own) || own != value) return false;
        }
        return true;
    }

    private static string RestartTime(ObjectMeta metadata) => metadata.Annotations.GetValueOrDefault(RestartedAt, "");

    private static NewTemplate Newest(IReadOnlyCollection<Pod> pods, string label)
    {
        var newest = pods.Where(pod => pod.Metadata.DeletionTimestamp is null).MaxBy(pod => pod.Metadata.CreationTimestamp);
        return With(label, newest?.Metadata.Labels.GetValueOrDefault(label) ?? "");
    }

    private static NewTemplate With(string label, string value) => new() { Label = label, Value = value.Length == 0 ? null : value, Hash = value };
}
