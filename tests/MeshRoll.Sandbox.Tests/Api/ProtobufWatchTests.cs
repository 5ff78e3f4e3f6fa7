using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class ProtobufWatchTests
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf,application/json";

    private readonly TestServer _server = new();

    [Fact]
    public async Task Events_are_frames_that_the_wire_library_reads()
    {
        var first = Add("a");
        await using var watch = _server.Watch($"{Manifests.Pods}?watch=true", Protobuf);

        var added = Assert.Single(await EventsAsync(watch, 1));
        Assert.Equal("application/vnd.kubernetes.protobuf;stream=watch", watch.Response.ContentType);
        Assert.Equal((WatchEventType.Added, "a", first.Uid), (added.Type, added.Item!.Metadata.Name, added.Item.Metadata.Uid));
        _server.Cluster.Delete(first, new() { GracePeriodSeconds = 0 });
        Assert.Equal(WatchEventType.Deleted, (await EventsAsync(watch, 2))[1].Type);
    }

    [Fact]
    public async Task A_streamed_list_ends_with_a_bookmark()
    {
        Add("a");
        await using var watch = _server.Watch($"{Manifests.Pods}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", Protobuf);

        var bookmark = (await EventsAsync(watch, 2))[1];
        Assert.Equal((WatchEventType.Bookmark, $"{_server.Cluster.Store.Version}"), (bookmark.Type, bookmark.ResourceVersion));
    }

    [Fact]
    public async Task A_version_whose_history_is_gone_is_an_error_event()
    {
        var old = Add("a");
        Add("b");
        _server.Cluster.Store.Compact();
        await using var watch = _server.Watch($"{Manifests.Pods}?watch=true&resourceVersion={old.Version}", Protobuf);

        var error = Assert.Single(await EventsAsync(watch, 1));
        Assert.Equal((WatchEventType.Error, 410, "Expired"), (error.Type, (int)error.Error!.Code, error.Error.Reason));
    }

    private StoredObject Add(string pod) => _server.Add(ApiResources.Pods, pod, """{"spec":{"containers":[{"name":"app","image":"app:1"}]}}""");

    /// <summary>The first events of a watch. Every frame has the byte of a new line in it, so that lines tell when there may be more.</summary>
    private static async Task<List<WatchEvent<Pod>>> EventsAsync(TestWatch watch, int count)
    {
        while (true)
        {
            await watch.Response.LineAsync();
            var (parser, bytes, events) = (new ProtobufWatchParser<Pod>(PodProtobuf.Read, null), watch.Response.Bytes, new List<WatchEvent<Pod>>());
            for (var at = 0; parser.Next(bytes.AsSpan(at), new(HttpMethod.Get, "pods", new("watch", "pods", null, null)), out var consumed) is { } next; at += consumed) events.Add(next);
            if (events.Count >= count) return events;
        }
    }
}
