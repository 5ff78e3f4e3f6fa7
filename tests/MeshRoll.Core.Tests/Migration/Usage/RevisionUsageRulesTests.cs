using System.Text.Json;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Migration.Usage;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Migration.Usage;

public sealed class RevisionUsageRulesTests
{
    private const string Old = "default";

    [Fact]
    public void Nothing_uses_what_nobody_speaks_of() => Assert.Empty(Of());

    [Fact]
    public void Pods_are_told_by_workload_with_what_moves_them()
    {
        var used = Of(workloads:
        [
            Moving.Workload("web", Moving.Sidecar(Old), Moving.Sidecar(Old), Moving.Sidecar("1-27-1")),
            Moving.Workload("moved", Moving.Sidecar("1-27-1")),
            Moving.Workload("stuck", Moving.Sidecar(Old, desired: Old)),
            Moving.Workload("paused", false, Moving.Sidecar(Old)),
            Moving.Workload("ReplicaSet", "set", false, Moving.Sidecar(Old)),
            Moving.Workload("Job", "night", false, Moving.Sidecar(Old)),
            Moving.Workload("Pod", "shell", false, Moving.Sidecar(Old)),
            Moving.Workload("CloneSet.apps.kruise.io", "clone", false, Moving.Sidecar(Old)),
            Moving.Workload("edge", Moving.Sidecar(Old, gateway: true)),
            Moving.Workload("other", Moving.Sidecar(Old, mesh: "Linkerd")),
        ]);

        Assert.Equal(
            [
                "Pod web 2: 2 pods of shop deployment/web run its sidecar. Start-MeshRolloutRestart moves it.",
                "Pod stuck 1: 1 pod of shop deployment/stuck runs its sidecar. A restart would give revision default again: switch what new pods get first.",
                "Pod paused 1: 1 pod of shop deployment/paused runs its sidecar. It is paused: Resume-MeshRollout, then Start-MeshRolloutRestart.",
                "Pod set 1: 1 pod of shop replicaset/set runs its sidecar. Start-MeshRolloutRestart -Strategy Evict moves its pods.",
                "Pod night 1: 1 pod of shop job/night runs its sidecar. A Job runs once: wait for its end, or delete it.",
                "Pod shell 1: 1 pod of shop pod/shell runs its sidecar. Nothing makes this pod anew: delete it and create it again.",
                "Pod clone 1: 1 pod of shop cloneset.apps.kruise.io/clone runs its sidecar. Its own controller must make its pods anew (CloneSet.apps.kruise.io).",
                "Gateway edge 1: 1 pod of shop deployment/edge runs its proxy. Start-MeshRolloutRestart moves it.",
            ],
            used.Select(use => $"{use.Use} {use.Name} {use.Count}: {use.Message}. {use.Advice}"));
        Assert.All(used, use => Assert.Equal((true, "shop"), (use.Blocking, use.Namespace)));
    }

    [Fact]
    public void Pods_that_do_not_tell_are_unknown()
    {
        var use = Assert.Single(Of(workloads: [Moving.Workload("web", Moving.Sidecar(null), Moving.Sidecar("1-27-1"))]));

        Assert.Equal((RevisionUse.Unknown, 1, (bool?)null), (use.Use, use.Count, use.Blocking));
    }

    [Fact]
    public void Connections_are_told_by_istiod_and_machines_outside_one_by_one()
    {
        var used = Of(proxies:
        [
            Proxy(Old, ProxyState.Synced, "istiod-a"), Proxy(Old, ProxyState.Stale, "istiod-a"), Proxy(Old, ProxyState.Synced, "istiod-b"), Proxy("1-27-1", ProxyState.Synced, "istiod-new"),
            Proxy(Old, ProxyState.Disconnected, null), Proxy(Old, ProxyState.NoPod, "istiod-a") with { Namespace = "vm", Pod = "box" },
        ]);

        Assert.Equal(
            ["2 proxies are connected to istiod-a", "1 proxy is connected to istiod-b", "vm/box is connected to istiod-a and is no pod of this cluster, or one that has just gone"],
            used.Select(use => use.Message));
        Assert.All(used, use => Assert.Equal((RevisionUse.ConnectedProxy, true), (use.Use, use.Blocking)));
    }

    [Theory]
    [InlineData(1, "It cannot be told to which istiod 1 proxy is connected")]
    [InlineData(2, "It cannot be told to which istiod 2 proxies are connected")]
    public void Proxies_whose_istiod_did_not_answer_are_unknown(int count, string message)
    {
        var use = Assert.Single(Of(proxies: [.. Enumerable.Range(0, count).Select(_ => Proxy(Old, ProxyState.Unknown, null))]));

        Assert.Equal((RevisionUse.Unknown, (bool?)null, message), (use.Use, use.Blocking, use.Message));
    }

    [Fact]
    public void What_was_not_read_is_said_first_and_is_unknown()
    {
        var use = Assert.Single(Of(unread: ["Namespaces cannot be read (no right)."]));

        Assert.Equal((RevisionUse.Unknown, (bool?)null, "Namespaces cannot be read (no right)"), (use.Use, use.Blocking, use.Message));
    }

    [Fact]
    public void Namespaces_count_that_get_their_new_pods_from_it()
    {
        var knowledge = new MeshKnowledge
        {
            Namespaces = new() { Known = new[] { Mesh.Namespace("shop", "istio-injection=enabled"), Mesh.Namespace("pay", "istio.io/rev=prod"), Mesh.Namespace("new", "istio.io/rev=1-27-1"), Mesh.Namespace("plain") }.ToDictionary(one => one.Metadata.Name) },
            Tags = RevisionTags.From([Mesh.Injector(), Mesh.Injector("1-27-1"), Mesh.Tag("prod", Old)]),
        };

        var used = Of(knowledge: knowledge);
        Assert.Equal(
            ["new pods of namespace pay are injected by it (namespace label istio.io/rev=prod, tag prod is revision default)", "new pods of namespace shop are injected by it (namespace label istio-injection=enabled)"],
            used.Select(use => use.Message));
        Assert.All(used, use => Assert.Equal((RevisionUse.Namespace, true), (use.Use, use.Blocking)));
    }

    [Theory]
    [InlineData("1-27-1", "1-27-1", true, null, "", null)]
    [InlineData(Old, Old, true, false, "istio-x is its own and goes with it", null)]
    [InlineData(Old, "1-27-1", false, false, "istio-x is switched off and goes with it", null)]
    [InlineData("1-27-1", Old, true, true, "istio-x, which belongs to revision 1-27-1, asks its istiod: without it no pod that this webhook matches can be created in shop", null)]
    [InlineData(Old, "1-27-1", true, true, "istio-x belongs to its installation and serves revision 1-27-1: uninstalling removes it, and new pods get no sidecar in shop", null)]
    [InlineData(Old, "1-27-1", true, false, "istio-x belongs to its installation, serves revision 1-27-1, and is kept in a backup", "istiod-1-27-1")]
    [InlineData(Old, "1-27-1", true, true, "istio-x belongs to its installation and serves revision 1-27-1: uninstalling removes it, and new pods get no sidecar in shop; the backup is from before the switch, when it asked service istiod", "istiod")]
    public void A_webhook_is_told_by_whom_it_belongs_to_and_whom_it_asks(string belongs, string asks, bool active, bool? blocking, string message, string? kept)
    {
        var used = Of(injectors: [Injector(belongs, asks) with { Active = active }], kept: kept);

        Assert.Equal((blocking, message), used is [var use] ? (use.Blocking, use.Message) : (null, ""));
        Assert.All(used, use => Assert.Equal(RevisionUse.Webhook, use.Use));
    }

    [Theory]
    [InlineData(null, true, "and new pods get no sidecar")]
    [InlineData(0, false, "and nobody would miss it")]
    [InlineData(3, true, "and new pods get no sidecar in n1, n2, n3")]
    [InlineData(4, true, "and new pods get no sidecar in 4 namespaces")]
    public void The_trap_bites_where_somebody_would_miss_the_webhook(int? namespaces, bool blocking, string words)
    {
        var use = Assert.Single(Of(injectors: [Injector(Old, "1-27-1") with { Namespaces = namespaces is { } count ? [.. Enumerable.Range(1, count).Select(number => $"n{number}")] : null }]));

        Assert.Equal(blocking, use.Blocking);
        Assert.EndsWith(words, use.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "and new pods get no sidecar; nor does 1 pod that asks for it by its own label")]
    [InlineData(2, "and new pods get no sidecar; nor do 2 pods that ask for it by their own label")]
    public void It_bites_pods_that_ask_for_themselves_too(int pods, string words)
    {
        var asking = Moving.Sidecar("1-27-1") with { Reason = "up to date: pod label sidecar.istio.io/inject=true gives 1.27.1" };
        var use = Assert.Single(Of(injectors: [Injector(Old, "1-27-1") with { Namespaces = [] }], workloads: [Moving.Workload("web", [.. Enumerable.Repeat(asking, pods)])]));

        Assert.Equal(true, use.Blocking);
        Assert.EndsWith(words, use.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://elsewhere/inject", null, "https://elsewhere/inject")]
    [InlineData(null, null, "gate", "gate")]
    [InlineData(null, null, null, "somebody else")]
    public void Whom_it_serves_is_told_as_far_as_known(string? asks, string? url, string? service, string served) =>
        Assert.Contains($"serves {served}:", Assert.Single(Of(injectors: [Injector(Old, asks) with { Url = url, Service = service }])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Fail", "tag prod points at it: without it no pod that this webhook matches can be created in shop")]
    [InlineData("Ignore", "tag prod points at it: without it new pods that this webhook matches get no sidecar in shop")]
    public void A_tag_is_in_the_way_whoever_uses_it(string policy, string message)
    {
        var use = Assert.Single(Of(injectors: [Injector(Old, Old) with { Kind = MeshInjectorKind.Tag, Tag = "prod", FailurePolicy = policy }]));

        Assert.Equal((RevisionUse.Tag, true, message), (use.Use, use.Blocking, use.Message));
    }

    [Theory]
    [InlineData("istiod-default-validator", "default", "istiod", "Fail", false, "istiod-default-validator checks changes of Istio's configuration by it, and goes with it", true)]
    [InlineData("istio-validator-istio-system", "default", "istiod", "Ignore", false, "istio-validator-istio-system checks changes of Istio's configuration by it, and goes with it", false)]
    [InlineData("v", "1-27-1", "istiod", "Fail", true, "v checks changes of Istio's configuration by it: without it every change is refused", true)]
    [InlineData("v", "1-27-1", "istiod", "Ignore", false, "v checks changes of Istio's configuration by it", true)]
    [InlineData("v", "default", "istiod-1-27-1", "Fail", null, "", false)]
    public void A_validator_that_asks_it_is_told(string name, string label, string service, string policy, bool? blocking, string message, bool advises)
    {
        var used = Of(validators: [Validator(name, label, "[{\"name\":\"v\",\"failurePolicy\":\"" + policy + "\",\"clientConfig\":{\"service\":{\"name\":\"" + service + "\"}}}]")]);

        Assert.Equal((blocking, message, advises), used is [var use] ? (use.Blocking, use.Message, use.Advice.Length > 0) : (null, "", false));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""[{"name":"v"}]""")]
    [InlineData("""[{"name":"v","clientConfig":{"url":"https://x"}}]""")]
    [InlineData("""[{"name":"v","clientConfig":{"service":{}}}]""")]
    [InlineData("""[{"name":"v","clientConfig":{"service":{"name":null}}}]""")]
    public void A_validator_that_asks_nobody_known_is_nobodys(string webhooks) => Assert.Empty(Of(validators: [Validator("v", "default", webhooks)]));

    private static RawObject Validator(string name, string label, string webhooks) => new()
    {
        Metadata = new() { Name = name, Labels = Mesh.Map($"istio.io/rev={label}") },
        Json = JsonDocument.Parse("{\"webhooks\":" + webhooks + "}").RootElement,
    };

    private static MeshInjector Injector(string belongs, string? asks) => new()
    {
        Cluster = "prod",
        Name = "istio-x",
        Kind = MeshInjectorKind.Revision,
        Revision = belongs,
        AsksRevision = asks,
        Service = asks is null ? null : asks == Old ? "istiod" : $"istiod-{asks}",
        Active = true,
        FailurePolicy = "Fail",
        Namespaces = ["shop"],
    };

    private static MeshProxyStatus Proxy(string revision, ProxyState state, string? istiod) => new() { Cluster = "prod", Namespace = "shop", Pod = "p", Revision = revision, State = state, Istiod = istiod };

    private static IReadOnlyList<MeshRevisionUsage> Of(
        IReadOnlyList<GatheredWorkload>? workloads = null, IReadOnlyList<MeshProxyStatus>? proxies = null, MeshKnowledge? knowledge = null, IReadOnlyList<MeshInjector>? injectors = null,
        IReadOnlyList<RawObject>? validators = null, IReadOnlyList<string>? unread = null, string? kept = null) =>
        RevisionUsageRules.Of(
            new(
                new ControlPlaneFacts { Cluster = "prod", Istiods = new([], ""), Knowledge = knowledge ?? new(), Injectors = injectors, Survey = validators is null ? null : new() { Validators = validators } },
                workloads ?? [], proxies, unread ?? [], kept is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["istio-x"] = kept }),
            Old);
}
