using System.Net;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;
using Event = MeshRoll.Core.ReadEvent<MeshRoll.Core.ControlPlane.ProxyStatus.MeshProxyStatus>;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

public sealed class ProxyStatusRefusalTests : ProxyStatusWorld
{
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
        Ports.CutsOff = true;
        var events = await ReadAsync(All);
        Assert.All(Rows(events), row => Assert.Equal(ProxyState.Unknown, row.State));
        Assert.Equal(4, Rows(events).Count);
        Assert.All(events.OfType<Event.Remark>(), remark => Assert.Contains("broke before it answered", remark.Text, StringComparison.Ordinal));
        Assert.Equal(2, events.OfType<Event.Remark>().Count());
    }

    [Fact]
    public async Task Istiods_that_fail_alike_are_one_warning_and_others_another()
    {
        foreach (var pod in new[] { "istiod-a", "istiod-b", "istiod-27" }) Ports.Refuse(pod);
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
        Ports.Answer("istiod-a", SynczText.Of(SynczText.Old("web-1.shop")), port: 8080);
        var events = await ReadAsync(All);
        Assert.Equal(ProxyState.Synced, Rows(events).Single(row => row.Pod == "web-1").State);
        Assert.Empty(events.OfType<Event.Remark>());
        Assert.Equal([15014, 8080], Ports.Asked.Where(asked => asked.Pod == "istiod-a").Select(asked => asked.Port));
    }

    [Fact]
    public async Task An_istiod_that_does_not_run_is_not_asked_and_nobody_is_connected_to_it()
    {
        Server.Replace(Resources.Pods, pod => pod["metadata"]!["name"]!.GetValue<string>() == "istiod-b", pod => pod["status"] = new JsonObject { ["phase"] = "Pending" });
        var events = await ReadAsync(All);
        Assert.DoesNotContain("istiod-b", Ports.Asked.Select(asked => asked.Pod));
        Assert.Empty(events.OfType<Event.Remark>());
        Assert.Equal(ProxyState.Disconnected, Rows(events).Single(row => row.Pod == "web-2").State);
    }

    [Fact]
    public async Task Without_any_istiod_all_is_unknown_and_said_once()
    {
        Server.Remove(Resources.Pods, pod => pod["metadata"]!["namespace"]!.GetValue<string>() == "istio-system");
        var events = await ReadAsync(All);
        Assert.StartsWith("There is no istiod in this cluster (no pod with app=istiod): the state of all proxies is Unknown.", Assert.Single(events.OfType<Event.Remark>()).Text, StringComparison.Ordinal);
        Assert.All(Rows(events), row => Assert.Equal((ProxyState.Unknown, "no istiod was found"), (row.State, row.Reason)));
    }

    [Fact]
    public async Task Without_a_proxy_nobody_misses_an_istiod()
    {
        Server.Remove(Resources.Pods, _ => true);
        Assert.Empty(await ReadAsync(All));
    }

    [Fact]
    public async Task Who_may_not_list_the_cluster_finds_istiods_where_injectors_point_to()
    {
        Server.Refuse("/api/v1/pods");
        var events = await ReadAsync(Of("shop"));
        Assert.Equal(["web-1", "web-2", "api-1"], Rows(events).Select(row => row.Pod));
        Assert.All(Rows(events), row => Assert.NotNull(row.Istiod));
        Assert.Empty(events.OfType<Event.Remark>());
    }

    [Fact]
    public async Task Who_may_not_list_istiods_pods_either_gets_the_rows_and_one_warning()
    {
        Server.Refuse("/api/v1/pods").Refuse("/api/v1/namespaces/istio-system/pods");
        var events = await ReadAsync(Of("shop"));
        Assert.Equal(
            "Istiods cannot be found (no right to list pods in istio-system): the state of all proxies is Unknown. Ask for the right to list pods where istiod runs.",
            Assert.Single(events.OfType<Event.Remark>()).Text);
        Assert.All(Rows(events), row => Assert.Equal(ProxyState.Unknown, row.State));
    }

    [Fact]
    public async Task Where_others_may_be_hidden_what_nobody_knows_is_unknown()
    {
        Server.Refuse("/api/v1/pods").Refuse("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations").With(Resources.Pods, Mesh.Pod("shop", "lost-1"));
        var events = await ReadAsync(Of("shop"));
        Assert.Contains("Istiods may be missing", Assert.Single(events.OfType<Event.Remark>()).Text, StringComparison.Ordinal);
        Assert.Equal(ProxyState.Unknown, Rows(events).Single(row => row.Pod == "lost-1").State);
        Assert.Equal(ProxyState.Synced, Rows(events).Single(row => row.Pod == "web-1").State);
    }

    [Fact]
    public async Task Pods_that_may_not_be_listed_are_an_error_and_what_istiod_says_of_them_is_shown()
    {
        Server.Refuse("/api/v1/namespaces/bank/pods");
        var events = await ReadAsync(Of("shop", "bank"));
        Assert.Equal("bank", Assert.Single(events.OfType<Event.Failed>()).Target);
        var row = Rows(events).Single(row => row.Namespace == "bank");
        Assert.Equal(("ledger-1", ProxyState.Synced, "", "its pod cannot be read"), (row.Pod, row.State, row.Name, row.Reason));
    }

    [Fact]
    public async Task Who_is_not_let_in_gets_the_error_itself()
    {
        Server.Refuse("/", HttpStatusCode.Unauthorized);
        await Assert.ThrowsAsync<ApiException>(() => ReadAsync(All));
    }

    private void Break(string istiod, string how)
    {
        switch (how)
        {
            case "right": Ports.Refuse(istiod); break;
            case "gone": Ports.Refuse(istiod, HttpStatusCode.NotFound); break;
            case "closed": Ports.Close(istiod); break;
            case "garbage": Ports.Close(istiod).Answer(istiod, "<html>hello</html>"); break;
            default: Ports.Close(istiod).Answer(istiod, "", status: $"{how} No"); break;
        }
    }
}
