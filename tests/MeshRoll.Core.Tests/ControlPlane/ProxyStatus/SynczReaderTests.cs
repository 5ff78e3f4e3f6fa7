using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.ProxyStatus;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

public sealed class SynczReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_formats_tell_the_same()
    {
        foreach (var entry in new[] { SynczText.Old("web-1.shop", "STN-S", "1.27.1"), SynczText.New("web-1.shop", "STN-S") })
        {
            var proxy = Assert.Single(await ReadAsync(SynczText.Of(entry)));
            Assert.Equal(("shop", "web-1", "Kubernetes", "sidecar", "1.27.1"), (proxy.Namespace, proxy.Pod, proxy.ClusterId, proxy.Type, proxy.Version));
            Assert.Equal([XdsSync.Synced, XdsSync.Stale, XdsSync.Stale, XdsSync.NotSent, XdsSync.Synced, XdsSync.NotSent], proxy.Statuses.Select(status => status.Sync));
            Assert.True(proxy.Of(XdsKind.Eds).NeverAcknowledged);
            Assert.False(proxy.Of(XdsKind.Lds).NeverAcknowledged);
        }
    }

    [Fact]
    public async Task Where_an_istiod_writes_both_they_are_one()
    {
        var both = SynczText.Old("web-1.shop", "SSSS-");
        both["resources"] = SynczText.New("web-1.shop", "SSSS-")["resources"]!.DeepClone();
        var proxy = Assert.Single(await ReadAsync(SynczText.Of(both)));
        Assert.Equal(ProxyState.Synced, ProxyStatusRules.StateOf(proxy));
    }

    [Fact]
    public async Task Times_and_refusals_of_newer_ones_are_read_and_the_zero_time_is_none()
    {
        var proxy = Assert.Single(await ReadAsync(SynczText.Of(SynczText.New("web-1.shop", "ST---", sentTime: Noon, error: "no such cluster"))));
        Assert.Equal((Noon, "no such cluster"), (proxy.LastSent, proxy.Of(XdsKind.Lds).Error));
        Assert.Null(proxy.Of(XdsKind.Cds).Error);

        Assert.Null(Assert.Single(await ReadAsync(SynczText.Of(SynczText.New("web-1.shop")))).LastSent);
    }

    [Fact]
    public async Task What_ztunnel_asks_for_counts_as_other_and_the_one_behind_speaks_for_all()
    {
        var entry = SynczText.New("ztunnel-x.istio-system", "-----");
        entry["proxy_type"] = "ztunnel";
        entry["resources"] = new JsonObject
        {
            ["type.googleapis.com/istio.workload.Address"] = new JsonObject { ["sent"] = "a", ["acked"] = "a" },
            ["type.googleapis.com/istio.security.Authorization"] = new JsonObject { ["sent"] = "b", ["acked"] = "a" },
            ["type.googleapis.com/istio.more"] = new JsonObject { ["sent"] = "c", ["acked"] = "c" },
        };
        Assert.Equal(ProxyState.Stale, ProxyStatusRules.StateOf(Assert.Single(await ReadAsync(SynczText.Of(entry)))));
    }

    [Fact]
    public async Task Unknown_keys_of_every_kind_are_passed_over()
    {
        var entry = SynczText.Old("web-1.shop");
        entry["locality"] = new JsonObject { ["region"] = new JsonArray(1, new JsonObject { ["proxy"] = "not.this" }), ["sent"] = "x" };
        entry["watches"] = new JsonArray(new JsonArray("a"), null, true, 1.5);
        entry["proxy_type"] = 7;
        entry["resources"] = "none";
        var proxy = Assert.Single(await ReadAsync(SynczText.Of(entry)));
        Assert.Equal(("web-1", "", ProxyState.Synced), (proxy.Pod, proxy.Type, ProxyStatusRules.StateOf(proxy)));
    }

    [Theory]
    [InlineData("""{"kind":"SyncStatus","meta":{"a":[1]},"proxies":LIST,"total":1}""")]
    [InlineData(""" { "istiod-1": LIST, "errors": ["one"] } """)]
    [InlineData("\t\r\n LIST \n")]
    public async Task A_list_may_be_wrapped(string around) =>
        Assert.Equal("web-1", Assert.Single(await ReadAsync(around.Replace("LIST", SynczText.Of(SynczText.New("web-1.shop")), StringComparison.Ordinal))).Pod);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"proxies":[]}""")]
    public async Task No_proxies_are_no_mistake(string json) => Assert.Empty(await ReadAsync(json));

    [Fact]
    public async Task A_pods_name_may_hold_dots() =>
        Assert.Equal(("shop", "web.example.com"), (await ReadAsync(SynczText.Of(SynczText.Old("web.example.com.shop")))) is [var proxy] ? (proxy.Namespace, proxy.Pod) : default);

    [Fact]
    public async Task Entries_without_a_proxys_name_are_passed_over_beside_others()
    {
        var nameless = SynczText.Old("x.y");
        nameless.Remove("proxy");
        Assert.Equal("web-1", Assert.Single(await ReadAsync(SynczText.Of(nameless, SynczText.Old("web-1.shop"), SynczText.Old("nodot"), SynczText.Old(".shop"), SynczText.Old("web.")))).Pod);
    }

    [Fact]
    public async Task One_entry_leaves_nothing_to_the_next()
    {
        var bare = new JsonObject { ["proxy"] = "bare.shop" };
        var second = (await ReadAsync(SynczText.Of(SynczText.New("web-1.shop", "TTTT-", error: "x"), bare)))[1];
        Assert.Equal(("bare", "", "", ""), (second.Pod, second.Version, second.ClusterId, second.Type));
        Assert.All(second.Statuses, status => Assert.Equal(XdsStatus.NotSent, status));
    }

    [Fact]
    public async Task It_does_not_matter_where_the_answer_is_cut()
    {
        var json = SynczText.Of(SynczText.New("web-1.shop", "STN-S", sentTime: Noon, error: "söme \"quoted\" \\ thing"), SynczText.Old("api-1.shop"));
        var whole = await ReadAsync(json);
        for (var piece = 1; piece < 40; piece++)
        {
            var cut = await ReadAsync(json, piece);
            Assert.Equal(whole.Select(Words), cut.Select(Words));
        }

        static string Words(KnownProxy proxy) => $"{proxy.Namespace} {proxy.Pod} {proxy.Version} {string.Join(" ", proxy.Statuses)}";
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>404</body></html>")]
    [InlineData("""[{"proxy":"web-1.shop","cluster_sent":"a" """)]
    [InlineData("""[{"proxy":"web-1.shop"}""")]
    [InlineData("[]]")]
    [InlineData("\"hello\"")]
    [InlineData("7")]
    [InlineData("""{"error":"unauthenticated"}""")]
    [InlineData("""[{"address":"10.0.0.1"},{"address":"10.0.0.2"}]""")]
    [InlineData("[\"\\ud800\"")]
    public async Task What_is_no_list_of_proxies_is_refused(string body) => await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(body));

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. "[{\"proxy\":\"we"u8, 0xff, 0xfe, .. "b.shop\"}]"u8];
        await Assert.ThrowsAsync<InvalidDataException>(() => SynczReader.ReadAsync(InPieces(body, 8), Istiod, Cancelled));
    }

    [Fact]
    public async Task Depth_without_end_is_refused() => await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new string('[', 100)));

    [Fact]
    public async Task A_value_without_end_is_refused_before_it_is_held()
    {
        var given = 0L;
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => SynczReader.ReadAsync((buffer, _) =>
        {
            buffer.Span.Fill((byte)'x');
            if (given == 0) "[{\"proxy\":\""u8.CopyTo(buffer.Span);
            given += buffer.Length;
            return new(buffer.Length);
        }, Istiod, Cancelled));
        Assert.Contains("longer than 1 MiB", failure.Message, StringComparison.Ordinal);
        Assert.InRange(given, 1 << 20, 4 << 20);
    }

    [Fact]
    public async Task A_list_without_end_is_refused_in_the_end()
    {
        var entry = Encoding.UTF8.GetBytes("{\"proxy\":\"a.b\"},");
        var begun = false;
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => SynczReader.ReadAsync((buffer, _) =>
        {
            if (!begun)
            {
                begun = true;
                buffer.Span[0] = (byte)'[';
                return new(1);
            }
            var count = 0;
            for (; count + entry.Length <= buffer.Length; count += entry.Length) entry.CopyTo(buffer.Span[count..]);
            if (count == 0) (count, buffer.Span[0]) = (1, (byte)' ');
            return new(count);
        }, Istiod, Cancelled));
        Assert.Contains("more than 1000000 proxies", failure.Message, StringComparison.Ordinal);
    }

    private static IstiodPod Istiod => ProxyStatusRulesTests.Istiod("istiod-1");

    private static Task<IReadOnlyList<KnownProxy>> ReadAsync(string json, int piece = int.MaxValue) => SynczReader.ReadAsync(InPieces(Encoding.UTF8.GetBytes(json), piece), Istiod, Cancelled);

    private static SynczReader.Source InPieces(byte[] body, int piece)
    {
        var at = 0;
        return (buffer, _) =>
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), body.Length - at);
            body.AsSpan(at, count).CopyTo(buffer.Span);
            at += count;
            return new(count);
        };
    }
}
