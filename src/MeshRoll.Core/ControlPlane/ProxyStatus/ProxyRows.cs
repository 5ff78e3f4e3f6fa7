using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>Joins what istiods know with the pods there are: one row each.</summary>
internal static class ProxyRows
{
    /// <summary>What a pod tells by itself, before istiods have answered: little enough to be kept for every pod of a cluster.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="owner">Its workload.</param>
    public static PodProxy Of(string cluster, Pod pod, WorkloadReference owner)
    {
        var proxies = SidecarContainers.Find(pod.Spec);
        var proxy = proxies.Count > 0 && proxies[0].Mesh == SidecarContainers.Istio ? proxies[0] : null;
        var role = PodMeshRoles.Of(pod.Metadata, pod.Spec, proxies);
        var row = new MeshProxyStatus
        {
            Cluster = cluster,
            Namespace = pod.Metadata.Namespace,
            Pod = pod.Metadata.Name,
            Kind = owner.Kind,
            Name = owner.Name,
            Gateway = role == PodMeshRole.Gateway,
            Revision = IstioStatus.RevisionOf(pod.Metadata),
            Version = proxy is null ? null : ImageReference.Parse(proxy.Container.Image).VersionWithout(IstioInjector.VariantOf(pod.Metadata.Annotations)),
            State = ProxyState.Unknown,
        };
        return new(row)
        {
            // gRPC without a proxy speaks to istiod as it likes.
            MustBeKnown = proxy is not null && role != PodMeshRole.ProxylessGrpc && PodQuery.IsLive(pod),
            IsOfAnotherMesh = proxy is null && proxies.Count > 0,
            IsLeaving = pod.Metadata.DeletionTimestamp is not null,
            Trouble = proxy is null ? "" : TroubleOf(pod, proxy),
            Hint = proxy is null ? "" : HintOf(pod, proxy),
        };
    }

    /// <summary>The row of a pod that carries a proxy of Istio, or that istiod knows; null when it is neither, or on its way out and gone for istiod already.</summary>
    /// <param name="pod">What the pod tells.</param>
    /// <param name="known">What istiod knows of it; null when none does.</param>
    /// <param name="all">What silence means.</param>
    public static MeshProxyStatus? OfPod(PodProxy pod, KnownProxy? known, KnownProxies all)
    {
        var row = pod.Row;
        if (known is not null)
        {
            return With(
                row with { Gateway = row.Gateway || IsGateway(known) },
                known,
                ProxyStatusRules.StateOf(known),
                ProxyStatusRules.ReasonOf(known), InjectedBy(row.Revision, known), pod.IsLeaving ? "the pod is being deleted" : "");
        }
        if (!pod.MustBeKnown) return null;
        if (all.Gap.Length > 0) return row with { Reason = all.Gap };
        var why = pod.Trouble.Length > 0 ? pod.Trouble : row.Revision is { } revision && !all.Serves(revision) ? $"no istiod of its revision {revision} runs" : pod.Hint;
        return row with { State = ProxyState.Disconnected, Reason = Join("no istiod knows it", why) };
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

    private static string TroubleOf(Pod pod, FoundSidecar proxy)
    {
        if (pod.Status.Phase == "Pending") return "the pod is pending";
        return StatusOf(pod, proxy)?.State switch
        {
            { Waiting: { Reason.Length: > 0 } waiting } => $"its proxy waits: {PlainText.Of(waiting.Reason)}",
            { Terminated: { } ended } => $"its proxy has ended with exit code {ended.ExitCode}",
            _ => "",
        };
    }

    private static string HintOf(Pod pod, FoundSidecar proxy) =>
        StatusOf(pod, proxy) is { Ready: false } ? $"its proxy is not ready: see the log of container {proxy.Container.Name}" : $"see the log of container {proxy.Container.Name}";

    private static ContainerStatus? StatusOf(Pod pod, FoundSidecar proxy) =>
        (proxy.Native ? pod.Status.InitContainerStatuses : pod.Status.ContainerStatuses).FirstOrDefault(status => status.Name == proxy.Container.Name);

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
