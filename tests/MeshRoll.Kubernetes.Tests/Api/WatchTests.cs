using System.Net;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class WatchTests
{
    private static readonly TestPod Sent = new("a", Version: "101");

    [Theory]
    [InlineData(Protobuf, 1)]
    [InlineData(Protobuf, 100_000)]
    [InlineData(Json, 1)]
    [InlineData(Json, 100_000)]
    public async Task Events_are_read_however_their_bytes_arrive(string type, int partSize)
    {
        var body = ScriptedStream.InParts([.. Event(type, "ADDED", Sent), .. Event(type, "MODIFIED", Sent with { Version = "102" }), .. Event(type, "DELETED", Sent with { Version = "103" }), .. Event(type, "BOOKMARK", Sent with { Version = "110" })], partSize);
        var server = InTurn(Answer(body, type));

        var events = await WatchAsync(server);

        Assert.Equal(
            [(WatchEventType.Added, "101"), (WatchEventType.Modified, "102"), (WatchEventType.Deleted, "103"), (WatchEventType.Bookmark, "110")],
            events.Select(change => (change.Type, change.ResourceVersion)));
        Assert.Equal(["a", "a", "a", null], events.Select(change => change.Item?.Metadata.Name));
        var asked = server.Asked.Single();
        Assert.Equal(("1", "true", "100", "300", "app=web"), (asked["watch"], asked["allowWatchBookmarks"], asked["resourceVersion"], asked["timeoutSeconds"], asked["labelSelector"]));
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task An_error_event_carries_its_refusal(string type)
    {
        var body = type == Protobuf
            ? FakeCluster.Frame("ERROR", StatusProtobuf(HttpStatusCode.Gone, "Expired", "too old"))
            : TestPod.Utf8(new JsonObject { ["type"] = "ERROR", ["object"] = StatusJson(HttpStatusCode.Gone, "Expired", "too old") });

        var change = Assert.Single(await WatchAsync(InTurn(Answer(body, type))));

        Assert.Equal((WatchEventType.Error, HttpStatusCode.Gone, "MeshRoll.Gone"), (change.Type, change.Error!.Code, change.Error.Id));
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task A_watch_cut_anywhere_gives_whole_events_and_then_a_clear_error(string type)
    {
        var first = Event(type, "ADDED", Sent);
        byte[] whole = [.. first, .. Event(type, "MODIFIED", Sent with { Version = "102" })];
        for (var length = 1; length < whole.Length; length += 3)
        {
            // The line's end belongs to no event.
            if (Math.Abs(length - first.Length) <= 1 || length == whole.Length - 1) continue;
            var events = new List<WatchEvent<Pod>>();

            var failure = await Assert.ThrowsAsync<ApiProtocolException>(() => WatchAsync(InTurn(Answer(whole[..length], type)), events));

            Assert.Equal(length < first.Length ? 0 : 1, events.Count);
            Assert.Contains("watch pods", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task Bytes_changed_at_random_give_events_or_a_clear_error(string type)
    {
        var random = new Random(5);
        byte[] whole = [.. Event(type, "ADDED", Sent), .. Event(type, "MODIFIED", Sent with { Version = "102" })];
        for (var round = 0; round < 500; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var i = 0; i < 1 + (round % 4); i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                await WatchAsync(InTurn(Answer(bytes, type)));
            }
            catch (ApiProtocolException)
            {
                // The one exception allowed.
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"type\":\"ADDED\"}")]
    [InlineData("{\"type\":\"ADDED\",\"object\":null}")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"no version\"}}}")]
    [InlineData("{\"type\":\"NEWS\",\"object\":{\"metadata\":{\"resourceVersion\":\"1\"}}}")]
    [InlineData("[1]")]
    [InlineData("x")]
    public async Task What_is_no_event_is_a_clear_error(string line) =>
        await Assert.ThrowsAsync<ApiProtocolException>(() => WatchAsync(InTurn(Answer(line + "\n"))));

    [Fact]
    public async Task An_event_announced_as_bigger_than_any_is_refused() =>
        await Assert.ThrowsAsync<ApiProtocolException>(() => WatchAsync(InTurn(Answer([0x7f, 0xff, 0xff, 0xff, 1, 2], Protobuf))));

    [Fact]
    public async Task Blanks_without_end_are_given_up() =>
        await Assert.ThrowsAsync<ApiProtocolException>(() => WatchAsync(InTurn(Answer(new EndlessStream(" ", "\n ")))));

    private static byte[] Event(string type, string what, TestPod pod) => type == Protobuf
        ? FakeCluster.Frame(what, ProtobufWriter.Envelope("v1", "Pod", pod.ToProtobuf()))
        : [.. TestPod.Utf8(new JsonObject { ["type"] = what, ["object"] = pod.ToJson() }), (byte)'\n'];

    private static async Task<List<WatchEvent<Pod>>> WatchAsync(ScriptedServer server, List<WatchEvent<Pod>>? events = null)
    {
        events ??= [];
        await using var client = server.NewClient();
        await foreach (var change in client.WatchAsync(Resources.Pods, "shop", new() { LabelSelector = "app=web" }, "100", TimeSpan.FromSeconds(300), TestContext.Current.CancellationToken)) events.Add(change);
        return events;
    }
}
