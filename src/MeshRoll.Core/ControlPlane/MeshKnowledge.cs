using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>
/// What the meshes of a cluster would inject into a new pod, read once: injector ConfigMaps, webhooks and namespaces. Immutable.
/// What could not be read (no right, no such mesh) is a remark and makes judgements unknown, never wrong.
/// </summary>
public sealed class MeshKnowledge
{
    /// <summary>Reads it. <paramref name="namespaces"/> limits which namespaces' labels are read; null means all.</summary>
    public static Task<MeshKnowledge> ReadAsync(ClusterSession session, SidecarTarget target, IReadOnlyCollection<string>? namespaces, CancellationToken cancellationToken) =>
        MeshKnowledgeReader.ReadAsync(session, target, NamespaceFacts.ReadAsync(session, namespaces, cancellationToken), cancellationToken);

    /// <summary>What could not be read and what follows from it, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What counts as up to date.</summary>
    public SidecarTarget Target { get; init; } = new();

    /// <summary>The namespaces whose labels are known.</summary>
    public NamespaceFacts Namespaces { get; init; } = new();

    /// <summary>Istio's revisions and tags.</summary>
    public RevisionTags Tags { get; init; } = RevisionTags.From([]);

    /// <summary>Istio's injector webhooks, as far as they could be read.</summary>
    internal IReadOnlyList<MutatingWebhookConfiguration> InjectorWebhooks { get; init; } = [];

    /// <summary>Istio's injectors, as far as their ConfigMaps could be read.</summary>
    public IReadOnlyList<IstioInjector> Injectors { get; init; } = [];

    /// <summary>Why an injector of Istio may be missing from <see cref="Injectors"/>, in words.</summary>
    public string InjectorProblem { get; init; } = "";

    /// <summary>Linkerd's injector; null when it was not found.</summary>
    public LinkerdInjector? Linkerd { get; init; }

    /// <summary>Consul's injector; null when it was not found.</summary>
    public ConsulInjector? Consul { get; init; }

    /// <summary>The sidecar of <paramref name="pod"/>, judged; null when it carries none (proxyless gRPC and ambient pods included).</summary>
    public MeshSidecar? Describe(Pod pod, WorkloadReference owner, string cluster) => Describe(pod, owner, cluster, null);

    /// <summary>
    /// The sidecar of <paramref name="pod"/>, judged by the template that new pods are made from: surer than by the pod's own labels,
    /// to which older injectors add istio.io/rev.
    /// </summary>
    public MeshSidecar? Describe(Pod pod, WorkloadReference owner, string cluster, PodTemplate? template)
    {
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(owner);
        return Describe(pod, owner, cluster, template, SidecarContainers.Find(pod.Spec, Target.SidecarContainer));
    }

    /// <summary>What a new pod of <paramref name="template"/> would get from the first mesh that injects it; null when none does, or when that cannot be told.</summary>
    public DesiredSidecar? Expect(string @namespace, PodTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (Target.SidecarContainer is { } container && SidecarContainers.MeshOf(container) is null) return null;
        foreach (var mesh in (ReadOnlySpan<string>)[SidecarContainers.Istio, SidecarContainers.Linkerd, SidecarContainers.Consul])
        {
            if (mesh == SidecarContainers.Linkerd && Linkerd is null) continue;
            if (mesh == SidecarContainers.Consul && Consul is null) continue;
            var desired = NewPods.Of(this, mesh, @namespace, template.Metadata, template.Spec.HostNetwork);
            if (desired.Injected == true) return desired;
        }
        return null;
    }

    internal MeshSidecar? Describe(Pod pod, WorkloadReference owner, string cluster, PodTemplate? template, IReadOnlyList<FoundSidecar> proxies)
    {
        var role = PodMeshRoles.Of(pod.Metadata, pod.Spec, proxies);
        if (role is PodMeshRole.None or PodMeshRole.ProxylessGrpc) return null;

        var proxy = proxies[0];
        var running = Running(pod, proxy);
        var desired = role == PodMeshRole.Gateway && IsOfItsOwnTemplate(pod, proxy) ? new()
            : NewPods.Of(this, proxy.Mesh, pod.Metadata.Namespace, template?.Metadata ?? pod.Metadata, template?.Spec.HostNetwork ?? pod.Spec.HostNetwork);
        var verdict = Judge(pod, role, proxy, running, desired);
        var status = StatusOf(pod, proxy);
        return new()
        {
            Cluster = cluster,
            Namespace = pod.Metadata.Namespace,
            Pod = pod.Metadata.Name,
            Kind = owner.Kind,
            Name = owner.Name,
            Mesh = proxy.Mesh,
            Container = proxy.Container.Name,
            Image = proxy.Container.Image,
            Version = running.Version,
            Revision = running.Revision,
            Native = proxy.Native,
            Gateway = role == PodMeshRole.Gateway,
            Ready = status?.Ready ?? false,
            Restarts = status?.RestartCount ?? 0,
            Created = pod.Metadata.CreationTimestamp,
            StartTime = pod.Status.StartTime,
            DesiredVersion = Target.Version ?? (desired.Injected == false ? null : desired.Version),
            DesiredRevision = desired.Injected == false ? null : desired.Revision,
            Outdated = verdict.Outdated,
            Reason = proxies.Count == 1 ? verdict.Reason : $"{verdict.Reason}; injected more than once, the pod also carries {string.Join(", ", proxies.Skip(1).Select(static other => other.Container.Name))}",
        };
    }

    /// <summary>
    /// Whether the sidecar that runs in <paramref name="pod"/> is one of this version and revision, as far as it tells them (null for any). Far cheaper than
    /// <see cref="Describe(Pod, WorkloadReference, string)"/>, as it does not ask what the pod should have.
    /// </summary>
    internal bool Carries(Pod pod, string? version, string? revision)
    {
        var proxies = SidecarContainers.Find(pod.Spec, Target.SidecarContainer);
        if (PodMeshRoles.Of(pod.Metadata, pod.Spec, proxies) is PodMeshRole.None or PodMeshRole.ProxylessGrpc) return false;
        var running = Running(pod, proxies[0]);
        return (version is null || running.Version is null || running.Version == version) && (revision is null || running.Revision is null || running.Revision == revision);
    }

    private SidecarVerdict Judge(Pod pod, PodMeshRole role, FoundSidecar proxy, RunningSidecar running, DesiredSidecar desired)
    {
        if (pod.Metadata.DeletionTimestamp is not null) return new(false, "the pod is being deleted");
        if (pod.Status.Phase is "Succeeded" or "Failed") return new(false, "the pod has ended");
        if (role == PodMeshRole.Gateway && IsOfItsOwnTemplate(pod, proxy))
        {
            return new(false, "the proxy stands in the gateway's own template, which its controller keeps up to date: a restart would change nothing");
        }
        return SidecarVerdict.Of(running, desired, Target);
    }

    // Gateways that istiod or Consul deploy themselves are not injected: their image is in the workload.
    private static bool IsOfItsOwnTemplate(Pod pod, FoundSidecar proxy) =>
        proxy.Mesh == SidecarContainers.Consul || !pod.Metadata.Annotations.ContainsKey(IstioStatus.Annotation);

    private RunningSidecar Running(Pod pod, FoundSidecar proxy)
    {
        var image = ImageReference.Parse(proxy.Container.Image);
        var annotations = pod.Metadata.Annotations;
        return proxy.Mesh switch
        {
            SidecarContainers.Istio => new(image, image.VersionWithout(IstioInjector.VariantOf(annotations)), RevisionOf(pod.Metadata)),
            SidecarContainers.Linkerd => new(image, annotations.GetValueOrDefault(LinkerdInjector.VersionAnnotation) ?? image.Version, null),
            _ => new(image, image.Version, null),
        };
    }

    // Older injectors leave a tag's name on the pod.
    private string? RevisionOf(ObjectMeta pod) => IstioStatus.RevisionOf(pod) switch
    {
        null => null,
        var name when Tags.IsTag(name) && !pod.Annotations.ContainsKey(IstioStatus.Annotation) => Tags.Resolve(name).Revision,
        var name => name,
    };

    private static ContainerStatus? StatusOf(Pod pod, FoundSidecar proxy)
    {
        foreach (var status in proxy.Native ? pod.Status.InitContainerStatuses : pod.Status.ContainerStatuses)
        {
            if (status.Name == proxy.Container.Name) return status;
        }
        return null;
    }
}
