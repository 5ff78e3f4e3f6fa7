using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>Joins what istiods know with the pods there are: one row each.</summary>
internal static class ProxyRows
{
    /// <summary>The row of a pod that carries a proxy of Istio, or that istiod knows; null when it is neither, or on its way out and gone for istiod already.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="owner">Its workload.</param>
    /// <param name="known">What istiod knows of it; null when none does.</param>
    /// <param name="all">What silence means.</param>
    public static MeshProxyStatus? OfPod(string cluster, Pod pod, WorkloadReference owner, KnownProxy? known, KnownProxies all)
    {
        var proxies = SidecarContainers.Find(pod.Spec);
        var proxy = proxies.Count > 0 && proxies[0].Mesh == SidecarContainers.Istio ? proxies[0] : null;
        var role = PodMeshRoles.Of(pod.Metadata, pod.Spec, proxies);
        // Without a proxy that istiod must know: gRPC speaks to it as it likes.
        if (known is null && (proxy is null || role == PodMeshRole.ProxylessGrpc || !PodQuery.IsLive(pod))) return null;

        var revision = IstioStatus.RevisionOf(pod.Metadata);
        var row = new MeshProxyStatus
        {
            Cluster = cluster,
            Namespace = pod.Metadata.Namespace,
            Pod = pod.Metadata.Name,
            Kind = owner.Kind,
            Name = owner.Name,
            Gateway = role == PodMeshRole.Gateway || (known is not null && IsGateway(known)),
            Revision = revision,
            Version = proxy is null ? null : ImageReference.Parse(proxy.Container.Image).VersionWithout(IstioInjector.VariantOf(pod.Metadata.Annotations)),
            State = ProxyState.Unknown,
        };
        if (known is not null) return With(row, known, ProxyStatusRules.StateOf(known), ProxyStatusRules.ReasonOf(known), InjectedBy(revision, known), IsLeaving(pod));
        if (all.Gap.Length > 0) return row with { Reason = all.Gap };
        return row with { State = ProxyState.Disconnected, Reason = Join("no istiod knows it", WhyAbsent(pod, proxy!, revision, all)) };
    }

    /// <summary>The row of a proxy that istiod knows and that has no pod here.</summary>
    public static MeshProxyStatus OfNobody(string cluster, KnownProxy known, bool isLocal) => With(
        Bare(cluster, known), known, ProxyState.NoPod, isLocal ? "istiod knows it, and there is no such pod" : $"istiod knows it as of cluster {known.ClusterId}", ProxyStatusRules.ReasonOf(known));

    /// <summary>The row of a proxy that istiod knows and whose pod cannot be read.</summary>
    public static MeshProxyStatus OfUnreadable(string cluster, KnownProxy known) => With(
        Bare(cluster, known), known, ProxyStatusRules.StateOf(known), ProxyStatusRules.ReasonOf(known), "its pod cannot be read");

    private static MeshProxyStatus Bare(string cluster, KnownProxy known) => new()
    {
        Cluster = cluster,
        Namespace = known.Namespace,
        Pod = known.Pod,
        Gateway = IsGateway(known),
        State = ProxyState.Unknown,
    };

    private static MeshProxyStatus With(MeshProxyStatus row, KnownProxy known, ProxyState state, params ReadOnlySpan<string> reasons) => row with
    {
        Cds = known.Of(XdsKind.Cds).Sync,
        Lds = known.Of(XdsKind.Lds).Sync,
        Eds = known.Of(XdsKind.Eds).Sync,
        Rds = known.Of(XdsKind.Rds).Sync,
        Ecds = known.Of(XdsKind.Ecds).Sync,
        Istiod = known.Istiod.Name,
        Revision = known.Istiod.Revision,
        Version = known.Version.Length > 0 ? known.Version : row.Version,
        ClusterId = known.ClusterId.Length > 0 ? known.ClusterId : null,
        State = state,
        Reason = Join([.. reasons, known.Others]),
    };

    private static bool IsGateway(KnownProxy known) => known.Type is "router" or "waypoint" or "ingress";

    private static string InjectedBy(string? revision, KnownProxy known) =>
        revision is null || revision == known.Istiod.Revision ? "" : $"injected for {revision}, connected to an istiod of {known.Istiod.Revision}";

    private static string IsLeaving(Pod pod) => pod.Metadata.DeletionTimestamp is null ? "" : "the pod is being deleted";

    private static string WhyAbsent(Pod pod, FoundSidecar proxy, string? revision, KnownProxies all)
    {
        if (pod.Status.Phase == "Pending") return "the pod is pending";
        var status = (proxy.Native ? pod.Status.InitContainerStatuses : pod.Status.ContainerStatuses).FirstOrDefault(status => status.Name == proxy.Container.Name);
        if (status?.State.Waiting is { Reason.Length: > 0 } waiting) return $"its proxy waits: {PlainText.Of(waiting.Reason)}";
        if (status?.State.Terminated is { } ended) return $"its proxy has ended with exit code {ended.ExitCode}";
        if (revision is not null && !all.Serves(revision)) return $"no istiod of its revision {revision} runs";
        return status is { Ready: false } ? $"its proxy is not ready: see the log of container {proxy.Container.Name}" : $"see the log of container {proxy.Container.Name}";
    }

    private static string Join(params ReadOnlySpan<string> parts)
    {
        var joined = "";
        foreach (var part in parts)
        {
            if (part.Length > 0) joined = joined.Length == 0 ? part : $"{joined}; {part}";
        }
        return joined;
    }
}
