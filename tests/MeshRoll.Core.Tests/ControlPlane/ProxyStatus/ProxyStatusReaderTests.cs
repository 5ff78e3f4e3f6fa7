using System.Net;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using Event = MeshRoll.Core.ReadEvent<MeshRoll.Core.ControlPlane.ProxyStatus.MeshProxyStatus>;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

public sealed class ProxyStatusReaderTests
{
    private readonly SnapshotApiServer _server;
    private readonly IstiodPorts _ports;

    public ProxyStatusReaderTests()
    {
        _server = new SnapshotApiServer()
            .With(Resources.Namespaces, Mesh.Namespace("shop"), Mesh.Namespace("bank"), Mesh.Namespace("istio-system"))
            .With(Resources.MutatingWebhookConfigurations, Mesh.Injector(), Mesh.Injector("1-27"), Mesh.Tag("prod", "1-27"))
            .With(Resources.Deployments).With(Resources.StatefulSets).With(Resources.DaemonSets).With(Resources.ReplicaSets)
            .With(Resources.Pods, Istiod("istiod-a"), Istiod("istiod-b"), Istiod("istiod-27", "1-27"))
            .With(Resources.Pods, Mesh.Pod("shop", "web-1"), Mesh.Pod("shop", "web-2"), Mesh.Pod("shop", "api-1", "api", "1.27.1", "1-27"), Mesh.Pod("bank", "ledger-1", "ledger"));
        _ports = new IstiodPorts(_server)
            .Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop")))
            .Answer("istiod-b", SynczText.Of(SynczText.Old("web-2.shop", "STSS-"), SynczText.Old("ledger-1.bank")))
            .Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop")));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_proxy_is_one_row_with_the_istiod_that_knows_it()
    {
        var rows = Rows(await ReadAsync(All));

        Assert.Equal(
            ["shop/web-1 Deployment/web istiod-a default 1.26.4 Synced", "shop/web-2 Deployment/web istiod-b default 1.26.4 Stale", "shop/api-1 Deployment/api istiod-27 1-27 1.27.1 Synced", "bank/ledger-1 Deployment/ledger istiod-b default 1.26.4 Synced"],
            rows.Select(row => $"{row.Namespace}/{row.Pod} {row.Kind}/{row.Name} {row.Istiod} {row.Revision} {row.Version} {row.State}"));
        var stale = rows[1];
        Assert.Equal((XdsSync.Synced, XdsSync.Stale, XdsSync.Synced, XdsSync.Synced, XdsSync.NotSent), (stale.Cds, stale.Lds, stale.Eds, stale.Rds, stale.Ecds));
        Assert.Equal(("fake", "Kubernetes", true, "it has not acknowledged its last listeners"), (stale.Cluster, stale.ClusterId, stale.Connected, stale.Reason));
        Assert.All(rows, row => Assert.True(row.State == ProxyState.Stale || row.Reason.Length == 0));
    }

    [Fact]
    public async Task A_sidecar_that_no_istiod_knows_is_disconnected_and_the_pod_says_why()
    {
        var waiting = Mesh.Pod("shop", "crash-1", "crash");
        _server.With(Resources.Pods,
            Mesh.Pod("shop", "lost-1", "lost"),
            Mesh.Pod("shop", "orphan-1", "orphan", "1.20.0", "1-20"),
            waiting with { Status = waiting.Status with { ContainerStatuses = [new() { Name = "istio-proxy", State = new() { Waiting = new() { Reason = "CrashLoopBackOff" } } }] } });

        var rows = Rows(await ReadAsync(All)).Where(row => row.State == ProxyState.Disconnected).ToDictionary(row => row.Pod);

        Assert.Equal("no istiod knows it; see the log of container istio-proxy", rows["lost-1"].Reason);
        Assert.Equal("no istiod knows it; no istiod of its revision 1-20 runs", rows["orphan-1"].Reason);
        Assert.Equal("no istiod knows it; its proxy waits: CrashLoopBackOff", rows["crash-1"].Reason);
        var lost = rows["lost-1"];
        Assert.Equal((null, null, null, "default", "1.27.0", false), (lost.Cds, lost.Istiod, lost.ClusterId, lost.Revision, lost.Version, lost.Connected));
    }

    [Fact]
    public async Task A_proxy_without_a_pod_is_shown()
    {
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("vm-1.shop", "ST---")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "vm-1");
        Assert.Equal((ProxyState.NoPod, "shop", "", "", "istiod-27", true), (row.State, row.Namespace, row.Kind, row.Name, row.Istiod, row.Connected));
        Assert.Equal("istiod knows it, and there is no such pod; it has not acknowledged its last listeners", row.Reason);
    }

    [Fact]
    public async Task A_pod_that_came_after_the_list_is_looked_up_before_it_is_called_missing()
    {
        _server.Gate = (path, _) =>
        {
            // The list is answered first; then the pod is made.
            if (path.Contains("/portforward", StringComparison.Ordinal)) return Task.CompletedTask;
            if (path.EndsWith("/pods/late-1", StringComparison.Ordinal)) _server.With(Resources.Pods, Mesh.Pod("shop", "late-1", "late"));
            return Task.CompletedTask;
        };
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("late-1.shop")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "late-1");
        Assert.Equal((ProxyState.Synced, "Deployment", "late"), (row.State, row.Kind, row.Name));
    }

    [Fact]
    public async Task Of_two_istiods_that_claim_a_proxy_one_is_believed_and_the_other_named()
    {
        _ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop"), SynczText.Old("web-2.shop")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "web-2");
        Assert.Equal((ProxyState.Stale, "istiod-b"), (row.State, row.Istiod));
        Assert.EndsWith("istiod-a claims it too, as SYNCED", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_on_an_istiod_of_another_revision_is_told_so()
    {
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("web-1.shop"))).Answer("istiod-a", "[]");
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "web-1");
        Assert.Equal(("1-27", "injected for default, connected to an istiod of 1-27"), (row.Revision, row.Reason));
    }

    [Fact]
    public async Task Pods_of_the_same_name_in_two_clusters_are_two_proxies()
    {
        var elsewhere = SynczText.New("web-1.shop", "TTTT-");
        elsewhere["cluster_id"] = "west";
        _server.Replace(Resources.Pods, pod => pod["metadata"]!["name"]!.GetValue<string>().StartsWith("istiod-", StringComparison.Ordinal), pod => pod["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "discovery", ["env"] = new JsonArray(new JsonObject { ["name"] = "CLUSTER_ID", ["value"] = "Kubernetes" }) }),
        });
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), elsewhere));

        var rows = Rows(await ReadAsync(All)).Where(row => row.Pod == "web-1").ToList();
        Assert.Equal([("istiod-a", ProxyState.Synced, "Kubernetes"), ("istiod-27", ProxyState.NoPod, "west")], rows.Select(row => (row.Istiod!, row.State, row.ClusterId!)));
        Assert.StartsWith("istiod knows it as of cluster west", rows[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateways_are_shown_and_named()
    {
        _server.With(Resources.Pods, Mesh.Pod("shop", "gw-1", "gw").WithLabels("istio=ingressgateway"));
        _ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop"), SynczText.Old("gw-1.shop", "SSS--")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Gateway);
        Assert.Equal(("gw-1", ProxyState.Synced), (row.Pod, row.State));
    }

    [Fact]
    public async Task What_is_known_and_carries_no_sidecar_is_shown_as_it_is()
    {
        var ztunnel = SynczText.New("ztunnel-1.istio-system", "-----");
        ztunnel["proxy_type"] = "ztunnel";
        ztunnel["resources"] = new JsonObject { ["type.googleapis.com/istio.workload.Address"] = new JsonObject { ["sent"] = "a", ["acked"] = "a" } };
        _server.With(Resources.Pods, Mesh.Pod("istio-system", "ztunnel-1", "ztunnel", revision: null).WithContainers(Mesh.Container("istio-zt", "istio/ztunnel:1.27.1")));
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), ztunnel));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "ztunnel-1");
        Assert.Equal((ProxyState.Synced, "1.27.1", false), (row.State, row.Version, row.Gateway));
    }

    [Fact]
    public async Task A_pod_on_its_way_out_is_shown_while_it_is_connected()
    {
        var (leaving, gone) = (Mesh.Pod("shop", "leaving-1"), Mesh.Pod("shop", "gone-1"));
        _server.With(Resources.Pods,
            leaving with { Metadata = leaving.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } },
            gone with { Metadata = gone.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } });
        _ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop"), SynczText.Old("leaving-1.shop")));
        var rows = Rows(await ReadAsync(All));
        Assert.Equal("the pod is being deleted", rows.Single(row => row.Pod == "leaving-1").Reason);
        Assert.DoesNotContain("gone-1", rows.Select(row => row.Pod));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "401", "refuses its debug endpoint (401 Unauthorized), although asked from its own localhost" },
        { "403", "refuses its debug endpoint (403 Forbidden)" },
        { "404", "does not serve /debug/syncz. Set ENABLE_DEBUG_ON_HTTP=true on istiod." },
        { "500", "answered 500 to /debug/syncz" },
        { "garbage", "its answer to /debug/syncz makes no sense: it is not the JSON of istiod" },
        { "right", "no right to forward its ports. Ask for the rights to get and create pods/portforward in istio-system." },
        { "closed", "Nothing listens on port 15014 of pod istio-system/istiod-b" },
        { "gone", "NotFound" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task An_istiod_that_cannot_be_asked_is_one_warning_and_what_it_alone_knows_is_unknown(string how, string told)
    {
        Break("istiod-b", how);
        var events = await ReadAsync(All);

        var remark = Assert.Single(events.OfType<Event.Remark>()).Text;
        Assert.StartsWith("istiod of revision default (istio-system/istiod-b) could not be asked for its proxies: ", remark, StringComparison.Ordinal);
        Assert.Contains(told, remark, StringComparison.Ordinal);
        Assert.Empty(events.OfType<Event.Failed>());
        var rows = Rows(events).ToDictionary(row => row.Pod);
        Assert.Equal((ProxyState.Synced, ProxyState.Synced), (rows["web-1"].State, rows["api-1"].State));
        foreach (var unknown in new[] { rows["web-2"], rows["ledger-1"] })
        {
            Assert.Equal((ProxyState.Unknown, null, null, "default", "1.27.0"), (unknown.State, unknown.Connected, unknown.Cds, unknown.Revision, unknown.Version));
            Assert.Equal("no istiod that answered knows it, and istiod-b could not be asked", unknown.Reason);
        }
    }

    [Fact]
    public async Task Where_WebSockets_are_cut_off_the_rows_come_nonetheless()
    {
        _ports.CutsOff = true;
        var events = await ReadAsync(All);
        Assert.All(Rows(events), row => Assert.Equal(ProxyState.Unknown, row.State));
        Assert.Equal(4, Rows(events).Count);
        Assert.All(events.OfType<Event.Remark>(), remark => Assert.Contains("broke before it answered", remark.Text, StringComparison.Ordinal));
        Assert.Equal(2, events.OfType<Event.Remark>().Count());
    }

    [Theory]
    [InlineData("/debug/syncz?namespace=shop", "shop")]
    [InlineData("/debug/syncz?namespace=default")]
    [InlineData("/debug/syncz", "sh*")]
    [InlineData("/debug/syncz", "shop", "bank")]
    [InlineData("/debug/syncz", "*")]
    public async Task Of_one_namespace_istiods_are_asked_for_no_more(string path, params string[] namespaces)
    {
        await ReadAsync(Of(namespaces));
        Assert.Equal([path, path, path], _ports.Paths);
    }

    [Fact]
    public async Task Istiods_that_fail_alike_are_one_warning_and_others_another()
    {
        foreach (var pod in new[] { "istiod-a", "istiod-b", "istiod-27" }) _ports.Refuse(pod);
        var events = await ReadAsync(All);
        Assert.Equal(
            ["istiod of revision 1-27 (istio-system/istiod-27) could", "istiod of revision default (istio-system/istiod-a, istio-system/istiod-b) could"],
            events.OfType<Event.Remark>().Select(remark => remark.Text.Split(" not be asked")[0]).Order(StringComparer.Ordinal));
        Assert.All(Rows(events), row => Assert.Equal((ProxyState.Unknown, "no istiod could be asked"), (row.State, row.Reason)));
        Assert.Equal(4, Rows(events).Count);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("404")]
    [InlineData("garbage")]
    public async Task The_port_for_debugging_is_tried_where_that_for_monitoring_has_no_answer(string how)
    {
        Break("istiod-a", how);
        _ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop")), port: 8080);
        var events = await ReadAsync(All);
        Assert.Equal(ProxyState.Synced, Rows(events).Single(row => row.Pod == "web-1").State);
        Assert.Empty(events.OfType<Event.Remark>());
        Assert.Equal([15014, 8080], _ports.Asked.Where(asked => asked.Pod == "istiod-a").Select(asked => asked.Port));
    }

    [Fact]
    public async Task An_istiod_that_does_not_run_is_not_asked_and_nobody_is_connected_to_it()
    {
        _server.Replace(Resources.Pods, pod => pod["metadata"]!["name"]!.GetValue<string>() == "istiod-b", pod => pod["status"] = new JsonObject { ["phase"] = "Pending" });
        var events = await ReadAsync(All);
        Assert.DoesNotContain("istiod-b", _ports.Asked.Select(asked => asked.Pod));
        Assert.Empty(events.OfType<Event.Remark>());
        Assert.Equal(ProxyState.Disconnected, Rows(events).Single(row => row.Pod == "web-2").State);
    }

    [Fact]
    public async Task Without_any_istiod_all_is_unknown_and_said_once()
    {
        _server.Remove(Resources.Pods, pod => pod["metadata"]!["namespace"]!.GetValue<string>() == "istio-system");
        var events = await ReadAsync(All);
        Assert.StartsWith("There is no istiod in this cluster (no pod with app=istiod): the state of all proxies is Unknown.", Assert.Single(events.OfType<Event.Remark>()).Text, StringComparison.Ordinal);
        Assert.All(Rows(events), row => Assert.Equal((ProxyState.Unknown, "no istiod was found"), (row.State, row.Reason)));
    }

    [Fact]
    public async Task Without_a_proxy_nobody_misses_an_istiod()
    {
        _server.Remove(Resources.Pods, _ => true);
        Assert.Empty(await ReadAsync(All));
    }

    [Fact]
    public async Task Who_may_not_list_the_cluster_finds_istiods_where_injectors_point_to()
    {
        _server.Refuse("/api/v1/pods");
        var events = await ReadAsync(Of("shop"));
        Assert.Equal(["web-1", "web-2", "api-1"], Rows(events).Select(row => row.Pod));
        Assert.All(Rows(events), row => Assert.NotNull(row.Istiod));
        Assert.Empty(events.OfType<Event.Remark>());
    }

    [Fact]
    public async Task Who_may_not_list_istiods_pods_either_gets_the_rows_and_one_warning()
    {
        _server.Refuse("/api/v1/pods").Refuse("/api/v1/namespaces/istio-system/pods");
        var events = await ReadAsync(Of("shop"));
        Assert.Equal(
            "Istiods cannot be found (no right to list pods in istio-system): the state of all proxies is Unknown. Ask for the right to list pods where istiod runs.",
            Assert.Single(events.OfType<Event.Remark>()).Text);
        Assert.All(Rows(events), row => Assert.Equal(ProxyState.Unknown, row.State));
    }

    [Fact]
    public async Task Where_others_may_be_hidden_what_nobody_knows_is_unknown()
    {
        _server.Refuse("/api/v1/pods").Refuse("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations").With(Resources.Pods, Mesh.Pod("shop", "lost-1"));
        var events = await ReadAsync(Of("shop"));
        Assert.Contains("Istiods may be missing", Assert.Single(events.OfType<Event.Remark>()).Text, StringComparison.Ordinal);
        Assert.Equal(ProxyState.Unknown, Rows(events).Single(row => row.Pod == "lost-1").State);
        Assert.Equal(ProxyState.Synced, Rows(events).Single(row => row.Pod == "web-1").State);
    }

    [Fact]
    public async Task Pods_that_may_not_be_listed_are_an_error_and_what_istiod_says_of_them_is_shown()
    {
        _server.Refuse("/api/v1/namespaces/bank/pods");
        var events = await ReadAsync(Of("shop", "bank"));
        Assert.Equal("bank", Assert.Single(events.OfType<Event.Failed>()).Target);
        var row = Rows(events).Single(row => row.Namespace == "bank");
        Assert.Equal(("ledger-1", ProxyState.Synced, "", "its pod cannot be read"), (row.Pod, row.State, row.Name, row.Reason));
    }

    [Fact]
    public async Task Who_is_not_let_in_gets_the_error_itself()
    {
        _server.Refuse("/", HttpStatusCode.Unauthorized);
        await Assert.ThrowsAsync<ApiException>(() => ReadAsync(All));
    }

    [Fact]
    public void A_selection_that_makes_no_sense_is_refused_at_once() => Assert.Throws<InvalidRequestException>(
        () => new ProxyStatusReader(_ports.Session()).ReadAsync(new() { Selection = new() { LabelSelector = "app=(" } }, Cancelled));

    [Theory]
    [InlineData("web", "web-1 web-2")]
    [InlineData("deploy/api", "api-1")]
    [InlineData("sts/*", "")]
    public async Task Workloads_are_chosen_as_everywhere_and_then_proxies_without_pods_are_none_of_them(string name, string pods)
    {
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("vm-1.shop")));
        var rows = Rows(await ReadAsync(Of("shop") with { Selection = new() { Namespaces = ["shop"], Names = [name] } }));
        Assert.Equal(pods, string.Join(' ', rows.Select(row => row.Pod)));
    }

    [Fact]
    public async Task A_workload_that_is_not_there_is_an_error_with_a_near_match()
    {
        var failed = Assert.Single((await ReadAsync(Of("shop") with { Selection = new() { Namespaces = ["shop"], Names = ["wep"] } })).OfType<Event.Failed>());
        Assert.Equal("MeshRoll.WorkloadNotFound", failed.Error.Id);
    }

    [Fact]
    public async Task Namespaces_limit_proxies_without_pods_too()
    {
        _ports.Answer("istiod-27", SynczText.Of(SynczText.New("vm-1.shop"), SynczText.New("vm-2.bank")));
        Assert.Equal(["ledger-1", "vm-2"], Rows(await ReadAsync(Of("bank"))).Select(row => row.Pod));
    }

    [Theory]
    [InlineData("1-27", "api-1")]
    [InlineData("prod", "api-1")]
    [InlineData("def*", "web-1 web-2 ledger-1")]
    [InlineData("*", "web-1 web-2 api-1 ledger-1")]
    public async Task Revisions_are_chosen_by_name_tag_and_pattern(string revision, string pods) =>
        Assert.Equal(pods, string.Join(' ', Rows(await ReadAsync(All with { Revisions = [revision] })).Select(row => row.Pod)));

    [Fact]
    public async Task A_revision_that_is_not_there_is_an_error_that_names_those_there_are()
    {
        var failed = Assert.IsType<Event.Failed>(Assert.Single(await ReadAsync(All with { Revisions = ["1-99"] })));
        Assert.Equal(("MeshRoll.RevisionNotFound", "1-99"), (failed.Error.Id, failed.Target));
        Assert.Contains("1-27, default", failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains("prod (1-27)", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_has_no_proxies_is_no_mistake_and_a_pattern_that_fits_nothing_a_remark()
    {
        _ports.Answer("istiod-27", "[]");
        _server.Remove(Resources.Pods, pod => pod["metadata"]!["name"]!.GetValue<string>() == "api-1");
        Assert.Empty(await ReadAsync(All with { Revisions = ["1-27"] }));
        Assert.Equal("No revision fits '9*'.", Assert.IsType<Event.Remark>(Assert.Single(await ReadAsync(All with { Revisions = ["9*"] }))).Text);
    }

    [Fact]
    public async Task States_are_chosen() => Assert.Equal(["web-2"], Rows(await ReadAsync(All with { States = [ProxyState.Stale, ProxyState.Disconnected] })).Select(row => row.Pod));

    [Fact]
    public async Task Of_another_mesh_it_is_said_that_this_is_Istios_alone()
    {
        _server.With(Resources.Namespaces, Mesh.Namespace("linked")).With(Resources.Pods, Mesh.Pod("linked", "web-1", revision: null).WithContainers(Mesh.Container("linkerd-proxy", "cr.l5d.io/linkerd/proxy:edge-25.1.1")));
        Assert.Contains("Proxy status is Istio's alone", Assert.IsType<Event.Remark>(Assert.Single(await ReadAsync(Of("linked")))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_istiods_are_asked_at_the_same_time()
    {
        using var all = new CountdownEvent(3);
        var together = new TaskCompletionSource();
        Task<string> Answer(string body)
        {
            if (all.Signal()) together.SetResult();
            return together.Task.ContinueWith(_ => body, TaskScheduler.Default);
        }
        _ports.Answer("istiod-a", () => Answer(SynczText.Of(SynczText.Old("web-1.shop"))))
            .Answer("istiod-b", () => Answer("[]"))
            .Answer("istiod-27", () => Answer("[]"));
        Assert.Equal(4, Rows(await ReadAsync(All)).Count);
    }

    [Fact]
    public async Task The_first_row_is_out_before_the_second_page_of_pods_is_answered()
    {
        _server.PageSize = 4;
        var release = new TaskCompletionSource();
        _server.Gate = (path, cancel) => path.Contains("fieldSelector", StringComparison.Ordinal) && path.Contains("continue=", StringComparison.Ordinal) ? release.Task.WaitAsync(cancel) : Task.CompletedTask;
        await using var session = _ports.Session();
        await using var events = new ProxyStatusReader(session).ReadAsync(All, Cancelled).GetAsyncEnumerator(Cancelled);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("web-1", Assert.IsType<Event.Found>(events.Current).Item.Pod);
        var second = events.MoveNextAsync();
        Assert.False(second.IsCompleted);
        release.SetResult();
        Assert.True(await second);
    }

    [Fact]
    public async Task A_reader_that_has_had_enough_leaves_nothing_running()
    {
        _ports.Answer("istiod-b", () => Task.Delay(Timeout.Infinite, Cancelled).ContinueWith(_ => "", TaskScheduler.Default));
        await using var session = _ports.Session();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in new ProxyStatusReader(session).ReadAsync(All, stop.Token))
            {
            }
        }, Cancelled);
        while (!_ports.Asked.Any(asked => asked.Pod == "istiod-b")) await Task.Delay(1, Cancelled);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
    }

    private static ProxyStatusQuery All => new() { Selection = new() { AllNamespaces = true } };

    private static ProxyStatusQuery Of(params string[] namespaces) => new() { Selection = new WorkloadSelection { Namespaces = namespaces } };

    private static Pod Istiod(string name, string revision = "default") => Mesh.Pod("istio-system", name, "istiod", revision: null)
        .WithLabels("app=istiod", $"istio.io/rev={revision}")
        .WithContainers(Mesh.Container("discovery", "docker.io/istio/pilot:1.27.1"));

    private void Break(string istiod, string how)
    {
        switch (how)
        {
            case "right": _ports.Refuse(istiod); break;
            case "gone": _ports.Refuse(istiod, HttpStatusCode.NotFound); break;
            case "closed": _ports.Close(istiod); break;
            case "garbage": _ports.Close(istiod).Answer(istiod, "<html>hello</html>"); break;
            default: _ports.Close(istiod).Answer(istiod, "", status: $"{how} No"); break;
        }
    }

    private async Task<List<Event>> ReadAsync(ProxyStatusQuery query)
    {
        await using var session = _ports.Session();
        var events = new List<Event>();
        await foreach (var happened in new ProxyStatusReader(session).ReadAsync(query, Cancelled)) events.Add(happened);
        return events;
    }

    private static List<MeshProxyStatus> Rows(IEnumerable<Event> events) => [.. events.OfType<Event.Found>().Select(found => found.Item)];
}
