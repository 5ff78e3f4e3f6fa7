using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Migration.Usage;

/// <summary>From all that was read to what uses a revision, or would be lost with it. Pure.</summary>
internal static partial class RevisionUsageRules
{
    /// <summary>One object for each thing in use, what was not read first.</summary>
    public static IReadOnlyList<MeshRevisionUsage> Of(RevisionUsageFacts facts, string revision)
    {
        var about = new Subject(facts.Planes.Cluster, revision);
        return
        [
            .. facts.Unread.Select(about.Unknown),
            .. Connections(facts, about),
            .. facts.Workloads.Select(workload => OfWorkload(workload, about)).OfType<MeshRevisionUsage>(),
            .. Namespaces(facts, about),
            .. (facts.Planes.Injectors ?? []).Select(injector => OfInjector(injector, about, facts)).OfType<MeshRevisionUsage>(),
            .. (facts.Planes.Survey?.Validators ?? []).Select(validator => OfValidator(validator, about)).OfType<MeshRevisionUsage>(),
        ];
    }

    // One object for each istiod, and one for each proxy that no pod stands for: nobody can restart that from here.
    private static IEnumerable<MeshRevisionUsage> Connections(RevisionUsageFacts facts, Subject about)
    {
        if (facts.Proxies is null) yield break;
        var connected = facts.Proxies.Where(proxy => proxy.Connected == true && proxy.Revision == about.Revision).ToList();
        foreach (var istiod in connected.Where(static proxy => proxy.State != ProxyState.NoPod).GroupBy(static proxy => proxy.Istiod).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            var count = istiod.Count();
            yield return about.Use(RevisionUse.ConnectedProxy, null, "Pod", istiod.Key) with
            {
                Count = count,
                Message = $"{(count == 1 ? "1 proxy is" : $"{count} proxies are")} connected to {istiod.Key ?? "its istiod"}",
                Advice = "Restart the workloads that it has injected; those injected by another revision reconnect by themselves within half an hour.",
                Blocking = true,
            };
        }
        foreach (var proxy in connected.Where(static proxy => proxy.State == ProxyState.NoPod))
        {
            yield return about.Use(RevisionUse.ConnectedProxy, proxy.Namespace, null, proxy.Pod) with
            {
                Count = 1,
                Message = $"{proxy.Namespace}/{proxy.Pod} is connected to {proxy.Istiod ?? "its istiod"} and is no pod of this cluster, or one that has just gone",
                Advice = "Look again in a minute; if it is a machine outside of the cluster, point it at another revision.",
                Blocking = true,
            };
        }

        var unknown = facts.Proxies.Count(static proxy => proxy.State == ProxyState.Unknown);
        if (unknown > 0) yield return about.Unknown($"It cannot be told to which istiod {(unknown == 1 ? "1 proxy is" : $"{unknown} proxies are")} connected") with
        {
            Advice = "Bring those istiods back, or leave them unasked with -IgnoreProxyStatus: then the sidecars that pods carry count alone.",
        };
    }

    private static MeshRevisionUsage? OfWorkload(GatheredWorkload gathered, Subject about)
    {
        var istio = gathered.Sidecars.Where(static sidecar => sidecar.Mesh == SidecarContainers.Istio).ToList();
        var on = istio.Where(sidecar => sidecar.Revision == about.Revision).ToList();
        var workload = gathered.Workload;
        if (on.Count == 0)
        {
            var untold = istio.Count(static sidecar => sidecar.Revision is null);
            return untold == 0 ? null : about.Use(RevisionUse.Unknown, workload.Namespace, workload.Kind, workload.Name) with
            {
                Count = untold,
                Message = $"{Wording.Count(untold, "pod")} of {NameOf(workload)} do not tell which revision has injected them",
                Advice = "Restart it, or look at the annotation sidecar.istio.io/status of its pods.",
            };
        }
        var isGateway = on.TrueForAll(static sidecar => sidecar.Gateway);
        var comesBack = on.Exists(sidecar => sidecar.DesiredRevision == about.Revision);
        return about.Use(isGateway ? RevisionUse.Gateway : RevisionUse.Pod, workload.Namespace, workload.Kind, workload.Name) with
        {
            Count = on.Count,
            Message = $"{Wording.Count(on.Count, "pod")} of {NameOf(workload)} {(on.Count == 1 ? "runs" : "run")} its {(isGateway ? "proxy" : "sidecar")}",
            Advice = comesBack ? $"A restart would give revision {about.Revision} again: switch what new pods get first." : Restart(workload),
            Blocking = true,
        };
    }

    private static IEnumerable<MeshRevisionUsage> Namespaces(RevisionUsageFacts facts, Subject about)
    {
        var knowledge = facts.Planes.Knowledge;
        foreach (var name in knowledge.Namespaces.Known.Keys.Order(StringComparer.Ordinal))
        {
            var desired = ControlPlane.NewPods.Of(knowledge, SidecarContainers.Istio, name, NoPod, hostNetwork: false);
            if (desired.Injected != true || desired.Revision != about.Revision) continue;
            var rule = desired.Detail.Length == 0 ? desired.Rule : $"{desired.Rule}, {desired.Detail}";
            yield return about.Use(RevisionUse.Namespace, name, "Namespace", name) with
            {
                Message = $"new pods of namespace {name} are injected by it ({rule})",
                Advice = "Switch-MeshInjector, Set-MeshRevisionTag or Set-MeshNamespaceRevision gives them another revision.",
                Blocking = true,
            };
        }
    }

    private static string Restart(MeshWorkload workload) => workload.Kind switch
    {
        _ when workload.Restartable => "Start-MeshRolloutRestart moves it.",
        WorkloadKinds.ReplicaSet => "Start-MeshRolloutRestart -Strategy Evict moves its pods.",
        "Job" => "A Job runs once: wait for its end, or delete it.",
        "Pod" => "Nothing makes this pod anew: delete it and create it again.",
        // Of what is restarted in place, only what is paused cannot be.
        _ when WorkloadKinds.Restartable.Contains(workload.Kind) => "It is paused: Resume-MeshRollout, then Start-MeshRolloutRestart.",
        _ => $"Its own controller must make its pods anew ({workload.Kind}).",
    };

    private static string NameOf(MeshWorkload workload) => new WorkloadReference(workload.Namespace, workload.Kind, workload.Name).ToString();

    private static Kubernetes.Models.ObjectMeta NoPod { get; } = new();

    /// <summary>The revision that is asked about.</summary>
    private sealed record Subject(string Cluster, string Revision)
    {
        public MeshRevisionUsage Use(RevisionUse use, string? @namespace, string? kind, string? name) =>
            new() { Cluster = Cluster, Revision = Revision, Use = use, Namespace = @namespace, Kind = kind, Name = name, Message = "" };

        public MeshRevisionUsage Unknown(string what) => Use(RevisionUse.Unknown, null, null, null) with
        {
            Message = Wording.Clause(what),
            Advice = "Ask with the rights to read it: Test-MeshPermission names them.",
        };
    }
}
