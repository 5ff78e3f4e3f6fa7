using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;
using Event = MeshRoll.Core.ReadEvent<MeshRoll.Core.ControlPlane.ProxyStatus.MeshProxyStatus>;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

public sealed class ProxyStatusReaderTests : ProxyStatusWorld
{
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
        Server.With(Resources.Pods,
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
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("vm-1.shop", "ST---")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "vm-1");
        Assert.Equal((ProxyState.NoPod, "shop", "", "", "istiod-27", true), (row.State, row.Namespace, row.Kind, row.Name, row.Istiod, row.Connected));
        Assert.Equal("istiod knows it, and there is no such pod; it has not acknowledged its last listeners", row.Reason);
    }

    [Fact]
    public async Task A_pod_that_came_after_the_list_is_looked_up_before_it_is_called_missing()
    {
        Server.Gate = (path, _) =>
        {
            // The list is answered first; then the pod is made.
            if (path.Contains("/portforward", StringComparison.Ordinal)) return Task.CompletedTask;
            if (path.EndsWith("/pods/late-1", StringComparison.Ordinal)) Server.With(Resources.Pods, Mesh.Pod("shop", "late-1", "late"));
            return Task.CompletedTask;
        };
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("late-1.shop")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "late-1");
        Assert.Equal((ProxyState.Synced, "Deployment", "late"), (row.State, row.Kind, row.Name));
    }

    [Fact]
    public async Task Of_two_istiods_that_claim_a_proxy_one_is_believed_and_the_other_named()
    {
        Ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop"), SynczText.Old("web-2.shop")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "web-2");
        Assert.Equal((ProxyState.Stale, "istiod-b"), (row.State, row.Istiod));
        Assert.EndsWith("istiod-a claims it too, as SYNCED", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_on_an_istiod_of_another_revision_is_told_so()
    {
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("web-1.shop"))).Answer("istiod-a", "[]");
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "web-1");
        Assert.Equal(("1-27", "injected for default, connected to an istiod of 1-27"), (row.Revision, row.Reason));
    }

    [Fact]
    public async Task Pods_of_the_same_name_in_two_clusters_are_two_proxies()
    {
        var elsewhere = SynczText.New("web-1.shop", "TTTT-");
        elsewhere["cluster_id"] = "west";
        Server.Replace(Resources.Pods, pod => pod["metadata"]!["name"]!.GetValue<string>().StartsWith("istiod-", StringComparison.Ordinal), pod => pod["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "discovery", ["env"] = new JsonArray(new JsonObject { ["name"] = "CLUSTER_ID", ["value"] = "Kubernetes" }) }),
        });
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), elsewhere));

        var rows = Rows(await ReadAsync(All)).Where(row => row.Pod == "web-1").ToList();
        Assert.Equal([("istiod-a", ProxyState.Synced, "Kubernetes"), ("istiod-27", ProxyState.NoPod, "west")], rows.Select(row => (row.Istiod!, row.State, row.ClusterId!)));
        Assert.StartsWith("istiod knows it as of cluster west", rows[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateways_are_shown_and_named()
    {
        Server.With(Resources.Pods, Mesh.Pod("shop", "gw-1", "gw").WithLabels("istio=ingressgateway"));
        Ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop"), SynczText.Old("gw-1.shop", "SSS--")));
        var row = Rows(await ReadAsync(All)).Single(row => row.Gateway);
        Assert.Equal(("gw-1", ProxyState.Synced), (row.Pod, row.State));
    }

    [Fact]
    public async Task What_is_known_and_carries_no_sidecar_is_shown_as_it_is()
    {
        var ztunnel = SynczText.New("ztunnel-1.istio-system", "-----");
        ztunnel["proxy_type"] = "ztunnel";
        ztunnel["resources"] = new JsonObject { ["type.googleapis.com/istio.workload.Address"] = new JsonObject { ["sent"] = "a", ["acked"] = "a" } };
        Server.With(Resources.Pods, Mesh.Pod("istio-system", "ztunnel-1", "ztunnel", revision: null).WithContainers(Mesh.Container("istio-zt", "istio/ztunnel:1.27.1")));
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), ztunnel));
        var row = Rows(await ReadAsync(All)).Single(row => row.Pod == "ztunnel-1");
        Assert.Equal((ProxyState.Synced, "1.27.1", false), (row.State, row.Version, row.Gateway));
    }

    [Fact]
    public async Task A_pod_on_its_way_out_is_shown_while_it_is_connected()
    {
        var (leaving, gone) = (Mesh.Pod("shop", "leaving-1"), Mesh.Pod("shop", "gone-1"));
        Server.With(Resources.Pods,
            leaving with { Metadata = leaving.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } },
            gone with { Metadata = gone.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } });
        Ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop"), SynczText.Old("leaving-1.shop")));
        var rows = Rows(await ReadAsync(All));
        Assert.Equal("the pod is being deleted", rows.Single(row => row.Pod == "leaving-1").Reason);
        Assert.DoesNotContain("gone-1", rows.Select(row => row.Pod));
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
        Assert.Equal([path, path, path], Ports.Paths);
    }

    [Fact]
    public void A_selection_that_makes_no_sense_is_refused_at_once() => Assert.Throws<InvalidRequestException>(
        () => new ProxyStatusReader(Ports.Session()).ReadAsync(new() { Selection = new() { LabelSelector = "app=(" } }, Cancelled));

    [Theory]
    [InlineData("web", "web-1 web-2")]
    [InlineData("deploy/api", "api-1")]
    [InlineData("sts/*", "")]
    public async Task Workloads_are_chosen_as_everywhere_and_then_proxies_without_pods_are_none_of_them(string name, string pods)
    {
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("api-1.shop"), SynczText.New("vm-1.shop")));
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
        Ports.Answer("istiod-27", SynczText.Of(SynczText.New("vm-1.shop"), SynczText.New("vm-2.bank")));
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
        Ports.Answer("istiod-27", "[]");
        Server.Remove(Resources.Pods, pod => pod["metadata"]!["name"]!.GetValue<string>() == "api-1");
        Assert.Empty(await ReadAsync(All with { Revisions = ["1-27"] }));
        Assert.Equal("No revision fits '9*'.", Assert.IsType<Event.Remark>(Assert.Single(await ReadAsync(All with { Revisions = ["9*"] }))).Text);
    }

    [Fact]
    public async Task States_are_chosen() => Assert.Equal(["web-2"], Rows(await ReadAsync(All with { States = [ProxyState.Stale, ProxyState.Disconnected] })).Select(row => row.Pod));

    [Fact]
    public async Task Of_another_mesh_it_is_said_that_this_is_Istios_alone()
    {
        Server.With(Resources.Namespaces, Mesh.Namespace("linked")).With(Resources.Pods, Mesh.Pod("linked", "web-1", revision: null).WithContainers(Mesh.Container("linkerd-proxy", "cr.l5d.io/linkerd/proxy:edge-25.1.1")));
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
        Ports.Answer("istiod-a", () => Answer(SynczText.Of(SynczText.Old("web-1.shop"))))
            .Answer("istiod-b", () => Answer("[]"))
            .Answer("istiod-27", () => Answer("[]"));
        Assert.Equal(4, Rows(await ReadAsync(All)).Count);
    }

    [Fact]
    public async Task The_first_row_is_out_before_the_second_page_of_pods_is_answered()
    {
        Server.PageSize = 4;
        var release = new TaskCompletionSource();
        Server.Gate = (path, cancel) => path.Contains("fieldSelector", StringComparison.Ordinal) && path.Contains("continue=", StringComparison.Ordinal) ? release.Task.WaitAsync(cancel) : Task.CompletedTask;
        await using var session = Ports.Session();
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
        Ports.Answer("istiod-b", () => Task.Delay(Timeout.Infinite, Cancelled).ContinueWith(_ => "", TaskScheduler.Default));
        await using var session = Ports.Session();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in new ProxyStatusReader(session).ReadAsync(All, stop.Token))
            {
            }
        }, Cancelled);
        while (!Ports.Asked.Any(asked => asked.Pod == "istiod-b")) await Task.Delay(1, Cancelled);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
    }
}
