using MeshRoll.Core.ControlPlane.ProxyStatus;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

public sealed class ProxyStatusRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, XdsSync.NotSent, false)]
    [InlineData("", "", XdsSync.NotSent, false)]
    [InlineData("", "a1", XdsSync.NotSent, false)]
    [InlineData("a1", "a1", XdsSync.Synced, false)]
    [InlineData("a2", "a1", XdsSync.Stale, false)]
    [InlineData("a1", "", XdsSync.Stale, true)]
    [InlineData("a1", null, XdsSync.Stale, true)]
    public void One_kind_is_judged_as_istioctl_judges_it(string? sent, string? acked, string sync, bool never)
    {
        var status = ProxyStatusRules.StatusOf(sent, acked);
        Assert.Equal((sync, never), (status.Sync, status.NeverAcknowledged));
    }

    // S synced, T stale, N never acknowledged, - not sent; CDS LDS EDS RDS ECDS and what else there is.
    [Theory]
    [InlineData("SSSS--", "sidecar", ProxyState.Synced, "")]
    [InlineData("SSSSSS", "router", ProxyState.Synced, "")]
    [InlineData("SS----", "", ProxyState.Synced, "")]
    [InlineData("SS---T", "sidecar", ProxyState.Synced, "")]
    [InlineData("-SSS--", "sidecar", ProxyState.NotSent, "it is connected and was not sent clusters")]
    [InlineData("------", "waypoint", ProxyState.NotSent, "it is connected and was not sent clusters and listeners")]
    [InlineData("-T----", "sidecar", ProxyState.Stale, "it has not acknowledged its last listeners")]
    [InlineData("SSTT--", "sidecar", ProxyState.Stale, "it has not acknowledged its last endpoints and routes")]
    [InlineData("TTTN--", "sidecar", ProxyState.Stale, "it has never acknowledged routes; it has not acknowledged its last clusters, listeners and endpoints")]
    [InlineData("SSSST-", "sidecar", ProxyState.Stale, "it has not acknowledged its last extensions")]
    [InlineData("-----S", "ztunnel", ProxyState.Synced, "")]
    [InlineData("-----T", "ztunnel", ProxyState.Stale, "it has not acknowledged its last other resources")]
    [InlineData("------", "ztunnel", ProxyState.NotSent, "it is connected and was sent nothing")]
    public void The_whole_is_as_good_as_its_worst_part_that_counts(string statuses, string type, ProxyState state, string reason)
    {
        var proxy = Proxy(statuses, type);
        Assert.Equal((state, reason), (ProxyStatusRules.StateOf(proxy), ProxyStatusRules.ReasonOf(proxy)));
    }

    [Fact]
    public void What_a_proxy_refused_is_told_in_one_plain_line()
    {
        var refused = Proxy("SS----") with { Statuses = [new(XdsSync.Synced), ProxyStatusRules.StatusOf("b", "a", Noon, "bad \u001b[31mfilter\nin\u202e line 3"), .. Proxy("SS----").Statuses.Skip(2)] };
        Assert.Equal("it refused its listeners, sent 2026-01-02 12:00:00Z: bad filter in line 3", ProxyStatusRules.ReasonOf(refused));

        var never = Proxy("SS----") with { Statuses = [ProxyStatusRules.StatusOf("b", "", Noon), ProxyStatusRules.StatusOf("b", "", Noon.AddHours(-1)), .. Proxy("SS----").Statuses.Skip(2)] };
        Assert.Equal("it has never acknowledged clusters and listeners, sent 2026-01-02 11:00:00Z", ProxyStatusRules.ReasonOf(never));
    }

    [Fact]
    public void An_endless_refusal_is_cut() => Assert.InRange(
        ProxyStatusRules.ReasonOf(Proxy("SS----") with { Statuses = [ProxyStatusRules.StatusOf("b", "a", null, new string('x', 5000)), .. Proxy("SS----").Statuses.Skip(1)] }).Length, 300, 400);

    [Theory]
    [InlineData("SS----", "ST----", "istiod-2", "istiod-1 claims it too, as SYNCED")]
    [InlineData("SS----", "------", "istiod-2", "istiod-1 claims it too, as SYNCED")]
    [InlineData("ST----", "------", "istiod-1", "istiod-2 claims it too, as NOT SENT")]
    [InlineData("SS----", "SS----", "istiod-1", "istiod-2 claims it too, as SYNCED")]
    public void Of_two_claims_without_times_the_worse_is_believed_whoever_answers_first(string first, string second, string believed, string others)
    {
        var (one, other) = (Proxy(first), Proxy(second) with { Istiod = Istiod("istiod-2") });
        foreach (var merged in new[] { ProxyStatusRules.Merge(one, other), ProxyStatusRules.Merge(other, one) })
            Assert.Equal((believed, others), (merged.Istiod.Name, merged.Others));
    }

    [Fact]
    public void Of_two_claims_with_times_the_later_is_believed_even_if_it_sounds_better()
    {
        var left = Sent(Proxy("ST----"), Noon);
        var connected = Sent(Proxy("SS----") with { Istiod = Istiod("istiod-2") }, Noon.AddSeconds(1));
        Assert.Equal("istiod-2", ProxyStatusRules.Merge(left, connected).Istiod.Name);
        Assert.Equal("istiod-2", ProxyStatusRules.Merge(connected, left).Istiod.Name);
    }

    internal static KnownProxy Proxy(string statuses, string type = "sidecar") => new()
    {
        Namespace = "shop",
        Pod = "web-1",
        Type = type,
        Istiod = Istiod("istiod-1"),
        Statuses = [.. statuses.Select(letter => letter switch
        {
            'S' => ProxyStatusRules.StatusOf("n", "n"),
            'T' => ProxyStatusRules.StatusOf("n", "m"),
            'N' => ProxyStatusRules.StatusOf("n", ""),
            _ => ProxyStatusRules.StatusOf("", ""),
        })],
    };

    internal static IstiodPod Istiod(string name, string revision = "default", string? clusterId = null) => new("istio-system", name, revision, clusterId, Runs: true);

    private static KnownProxy Sent(KnownProxy proxy, DateTimeOffset time) => proxy with { Statuses = [.. proxy.Statuses.Select(status => status with { SentTime = time })] };
}
