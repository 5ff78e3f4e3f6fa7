using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Sidecars;

public sealed class WorkloadInventoryTests
{
    private readonly SnapshotApiServer _server = new SnapshotApiServer()
        .With(Resources.Namespaces, Mesh.Namespace("shop", "istio.io/rev=1-11-8"), Mesh.Namespace("plain"))
        .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-11-8"))
        .With(Resources.ConfigMaps, Mesh.InjectorMap("1.7.8"), Mesh.InjectorMap("1.11.8", "1-11-8"))
        .With(Resources.Deployments, Mesh.Deployment("shop", "web", 3)).With(Resources.StatefulSets).With(Resources.DaemonSets).With(Resources.ReplicaSets)
        .With(Resources.Pods,
            Mesh.Pod("shop", "web-1", "web", "1.7.8"),
            Mesh.Pod("shop", "web-2", "web", "1.7.8"),
            Mesh.Pod("shop", "web-3", "web", "1.11.8", "1-11-8"));

    [Fact]
    public async Task A_workload_sums_up_its_sidecars()
    {
        var workload = Assert.Single(Found(await ReadAsync(Of("shop"))));

        Assert.Equal(["1.11.8", "1.7.8"], workload.Versions);
        Assert.Equal(
            new MeshWorkload
            {
                Cluster = "fake",
                Namespace = "shop",
                Kind = "Deployment",
                Name = "web",
                Replicas = 3,
                Ready = 3,
                Sidecars = 3,
                OutdatedSidecars = 2,
                Versions = workload.Versions,
                DesiredVersion = "1.11.8",
                DesiredRevision = "1-11-8",
                Restartable = true,
                UpdateStrategy = "RollingUpdate",
                Reason = "2 of 3: runs 1.7.8, namespace label istio.io/rev=1-11-8 gives 1.11.8",
            },
            workload);
    }

    [Fact]
    public async Task All_kinds_come_and_rollouts_only_where_they_are_served()
    {
        _server
            .With(Resources.StatefulSets, new StatefulSet { Metadata = new() { Name = "db", Namespace = "shop" }, Spec = new() { UpdateStrategy = new() { Type = "OnDelete" } }, Status = new() { ReadyReplicas = 1 } })
            .With(Resources.DaemonSets, new DaemonSet { Metadata = new() { Name = "log", Namespace = "shop" }, Status = new() { DesiredNumberScheduled = 5, NumberReady = 4 } })
            .With(Resources.ArgoRollouts, new ArgoRollout { Metadata = new() { Name = "api", Namespace = "shop" }, Spec = new() { Replicas = 2, Template = Mesh.Template() } }, new ArgoRollout { Metadata = new() { Name = "ref", Namespace = "shop" } })
            .With(Resources.Pods, Mesh.Pod("shop", "db-0").OwnedBy(Mesh.Owner("apps/v1", "StatefulSet", "db")));

        var workloads = Found(await ReadAsync(Of("shop"))).ToList();

        Assert.Equal(["DaemonSet log 5/4", "Deployment web 3/3", "Rollout api 2/0", "StatefulSet db 1/1"], workloads.Select(item => $"{item.Kind} {item.Name} {item.Replicas}/{item.Ready}"));
        Assert.Equal("OnDelete", workloads[^1].UpdateStrategy);
    }

    [Fact]
    public async Task Where_there_are_no_rollouts_none_are_asked_for()
    {
        await ReadAsync(Of("shop"));

        Assert.DoesNotContain(_server.Requests, request => request.Contains("/rollouts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_workload_without_pods_tells_what_it_would_get()
    {
        _server.With(Resources.Deployments, Mesh.Deployment("shop", "idle", 0), Mesh.Deployment("plain", "idle", 0));

        var idle = Assert.Single(Found(await ReadAsync(Of("shop", "plain"))), item => item.Name == "idle");
        Assert.True(idle is { Namespace: "shop", Sidecars: 0, Outdated: false, DesiredVersion: "1.11.8", Reason: "no pods; a new one would get 1.11.8: namespace label istio.io/rev=1-11-8" });
    }

    [Fact]
    public async Task A_workload_whose_pods_have_none_yet_tells_what_a_restart_would_add()
    {
        _server.With(Resources.Deployments, Mesh.Deployment("shop", "late")).With(Resources.Pods, Mesh.Pod("shop", "late-1", "late").WithContainers(Mesh.Container("app", "a")));

        Assert.Equal("no sidecar yet; a restart would add 1.11.8: namespace label istio.io/rev=1-11-8", Assert.Single(Found(await ReadAsync(Of("shop"))), item => item.Name == "late").Reason);
    }

    [Fact]
    public async Task What_cannot_be_restarted_comes_with_the_reason()
    {
        _server.With(Resources.Pods, Mesh.Pod("shop", "bare").OwnedBy(), Mesh.Pod("shop", "run-1", version: "1.7.8").OwnedBy(Mesh.Owner("batch/v1", "Job", "run")));

        var workloads = Found(await ReadAsync(Of("shop"))).Where(item => !item.Restartable).ToList();

        Assert.Equal(["Job run 1", "Pod bare 1"], workloads.Select(item => $"{item.Kind} {item.Name} {item.Replicas}"));
        Assert.EndsWith("gives 1.11.8; a Job runs once and cannot be restarted", workloads[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_Deployment_has_to_be_resumed_first()
    {
        var paused = Mesh.Deployment("shop", "held");
        _server.With(Resources.Deployments, paused with { Spec = paused.Spec with { Paused = true } }).With(Resources.Pods, Mesh.Pod("shop", "held-1", "held"));

        var held = Assert.Single(Found(await ReadAsync(Of("shop"))), item => item.Name == "held");
        Assert.False(held.Restartable);
        Assert.EndsWith("; it is paused: resume it first", held.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ReplicaSet_that_lost_its_Deployment_is_found_out()
    {
        _server
            .With(Resources.ReplicaSets, new ReplicaSet { Metadata = new() { Name = "gone-abc", Namespace = "shop" } })
            .With(Resources.Pods, Mesh.Pod("shop", "gone-1", "gone"));

        Assert.True(Assert.Single(Found(await ReadAsync(Of("shop"))), item => item.Name == "gone-abc") is { Kind: "ReplicaSet", Restartable: false });
    }

    [Fact]
    public async Task Only_outdated_ones_come_when_asked()
    {
        _server.With(Resources.Deployments, Mesh.Deployment("shop", "idle", 0), Mesh.Deployment("shop", "new")).With(Resources.Pods, Mesh.Pod("shop", "new-1", "new", "1.11.8", "1-11-8"));

        Assert.Equal(["web"], Found(await ReadAsync(Of("shop") with { OutdatedOnly = true })).Select(item => item.Name));
    }

    [Fact]
    public async Task Gateways_come_when_asked_for()
    {
        var template = Mesh.Template("istio=ingressgateway");
        var gateway = Mesh.Deployment("shop", "gw");
        _server.With(Resources.Deployments, gateway with { Spec = gateway.Spec with { Template = template } }).With(Resources.Pods, Mesh.Pod("shop", "gw-1", "gw").WithLabels("istio=ingressgateway"));

        Assert.DoesNotContain("gw", Found(await ReadAsync(Of("shop"))).Select(item => item.Name));
        Assert.Contains("gw", Found(await ReadAsync(Of("shop") with { IncludeGateway = true })).Select(item => item.Name));
    }

    [Fact]
    public async Task The_templates_labels_decide_and_not_the_pods()
    {
        var asking = Mesh.Deployment("plain", "asking");
        _server
            .With(Resources.Deployments, asking with { Spec = asking.Spec with { Template = Mesh.Template("sidecar.istio.io/inject=true") } })
            .With(Resources.Pods, Mesh.Pod("plain", "asking-1", "asking", "1.11.8", "1-11-8").WithLabels("istio.io/rev=1-11-8"));

        Assert.True(Assert.Single(Found(await ReadAsync(Of("plain")))) is { Outdated: true, DesiredRevision: "default" });
    }

    [Fact]
    public async Task A_kind_that_is_forbidden_fails_and_the_others_go_on()
    {
        _server.Refuse("/apis/apps/v1/namespaces/shop/statefulsets");

        var events = await ReadAsync(Of("shop"));

        Assert.Contains("statefulsets", Assert.Single(events.OfType<ReadEvent<MeshWorkload>.Failed>()).Error.Message, StringComparison.Ordinal);
        Assert.Single(Found(events));
    }

    [Fact]
    public async Task Only_the_kinds_that_are_meant_are_read()
    {
        await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], Names = ["sts/db*"] } });

        Assert.DoesNotContain(_server.Requests, request => request.Contains("/deployments", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_label_selector_chooses_workloads_and_not_their_pods()
    {
        _server.With(Resources.Deployments, Mesh.Deployment("shop", "other", 1, "tier=back")).With(Resources.Pods, Mesh.Pod("shop", "other-1", "other"), Mesh.Pod("shop", "bare").OwnedBy());

        Assert.Equal(["other"], Found(await ReadAsync(new() { Selection = new() { Namespaces = ["shop"], LabelSelector = "tier=back" } })).Select(item => item.Name));
    }

    [Fact]
    public async Task Unknown_names_and_namespaces_fail_and_the_rest_goes_on()
    {
        var events = await ReadAsync(new() { Selection = new() { Namespaces = ["shop", "nowhere"], Names = ["web", "wep"] } });

        Assert.Equal(["MeshRoll.NamespaceNotFound nowhere", "MeshRoll.WorkloadNotFound wep"], events.OfType<ReadEvent<MeshWorkload>.Failed>().Select(failed => $"{failed.Error.Id} {failed.Target}"));
        Assert.Single(Found(events));
    }

    [Fact]
    public async Task All_namespaces_come_in_order()
    {
        _server.With(Resources.Deployments, Mesh.Deployment("alpha", "web")).With(Resources.Namespaces, Mesh.Namespace("alpha", "istio-injection=enabled"));

        Assert.Equal(["alpha", "shop"], Found(await ReadAsync(new() { Selection = new() { AllNamespaces = true } })).Select(item => item.Namespace));
    }

    [Fact]
    public void Sidecars_sum_up()
    {
        var ok = new MeshSidecar { Cluster = "c", Namespace = "n", Pod = "p", Kind = "Deployment", Name = "web", Mesh = "Istio", Container = "istio-proxy", Image = "i", Version = "2", DesiredVersion = "2", Outdated = false, Reason = "fine" };
        var unknown = ok with { Version = null, Outdated = null, Reason = "who knows" };
        var old = ok with { Version = "1", Outdated = true, Reason = "old" };

        Assert.True(WorkloadSidecars.Summarize([ok, ok]) is { Total: 2, UpToDate: true, Reason: "fine", DesiredVersion: "2" });
        Assert.True(WorkloadSidecars.Summarize([ok, unknown]) is { Unknown: 1, UpToDate: false, Reason: "who knows" });
        Assert.True(WorkloadSidecars.Summarize([unknown, old]) is { Outdated: 1, UpToDate: false, Reason: "1 of 2: old" });
        Assert.True(WorkloadSidecars.Summarize([old]) is { Reason: "old" });
        Assert.True(WorkloadSidecars.Summarize([]) is { Total: 0, UpToDate: false, Reason: "" });
    }

    private static SidecarQuery Of(params string[] namespaces) => new() { Selection = new WorkloadSelection { Namespaces = namespaces } };

    private static IEnumerable<MeshWorkload> Found(IEnumerable<ReadEvent<MeshWorkload>> events) => events.OfType<ReadEvent<MeshWorkload>.Found>().Select(found => found.Item);

    private async Task<List<ReadEvent<MeshWorkload>>> ReadAsync(SidecarQuery query)
    {
        await using var session = _server.Session();
        List<ReadEvent<MeshWorkload>> events = [];
        await foreach (var happened in new SidecarInventory(session).ReadWorkloadsAsync(query, TestContext.Current.CancellationToken)) events.Add(happened);
        return events;
    }
}
