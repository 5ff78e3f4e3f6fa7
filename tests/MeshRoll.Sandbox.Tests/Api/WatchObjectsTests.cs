using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class WatchObjectsTests
{
    private const string Path = "/api/v1/namespaces/shop/configmaps?watch=true";

    private readonly TestServer _server = new();

    [Theory]
    [InlineData("")]
    [InlineData("&resourceVersion=0")]
    public async Task A_watch_from_nowhere_begins_with_what_there_is(string from)
    {
        _server.Add(ApiResources.ConfigMaps, "a");
        await using var watch = _server.Watch(Path + from);

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        _server.Add(ApiResources.ConfigMaps, "b");
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Events_that_were_told_before_anybody_asked_are_in_the_first_list_and_not_in_the_watch_after_it()
    {
        var recorder = new EventRecorder(_server.Cluster);
        var about = _server.Add(ApiResources.ConfigMaps, "a");
        recorder.Normal(about, "test", "One", "one");
        recorder.Normal(about, "test", "Two", "two");
        var list = await _server.GetJsonAsync("/api/v1/namespaces/shop/events");
        Assert.Equal(["One", "Two"], list["items"]!.AsArray().Select(item => item!["reason"]!.GetValue<string>()).Order(StringComparer.Ordinal));

        await using var watch = _server.Watch($"/api/v1/namespaces/shop/events?watch=true&resourceVersion={list["metadata"]!["resourceVersion"]!.GetValue<string>()}");
        recorder.Normal(about, "test", "Three", "three");
        Assert.Equal("Three", (await watch.NextAsync())!["object"]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_watch_that_is_the_first_to_ask_for_events_begins_with_those_that_were_told()
    {
        var recorder = new EventRecorder(_server.Cluster);
        recorder.Normal(_server.Add(ApiResources.ConfigMaps, "a"), "test", "One", "one");
        await using var watch = _server.Watch("/api/v1/events?watch=true");
        Assert.Equal("One", (await watch.NextAsync())!["object"]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_watch_from_a_version_has_every_change_after_it()
    {
        var a = _server.Add(ApiResources.ConfigMaps, "a");
        var b = _server.Add(ApiResources.ConfigMaps, "b");
        _server.Cluster.Delete(a);
        await using var watch = _server.Watch($"{Path}&resourceVersion={a.Version}");

        Assert.Equal("ADDED b", await watch.NextNameAsync());
        Assert.Equal("DELETED a", await watch.NextNameAsync());
        Change(b.Name, json => json["data"] = new JsonObject { ["x"] = "1" });
        var changed = await watch.NextAsync();
        Assert.Equal("MODIFIED", changed!["type"]!.GetValue<string>());
        Assert.Equal(("ConfigMap", "v1"), (changed["object"]!["kind"]!.GetValue<string>(), changed["object"]!["apiVersion"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Other_namespaces_are_not_seen()
    {
        _server.Add(ApiResources.Namespaces, "park");
        await using var watch = _server.Watch(Path);
        _server.Add(ApiResources.ConfigMaps, "elsewhere", space: "park");
        _server.Add(ApiResources.ConfigMaps, "here");

        Assert.Equal("ADDED here", await watch.NextNameAsync());
    }

    [Fact]
    public async Task What_comes_into_view_is_added_and_what_leaves_it_deleted()
    {
        _server.Add(ApiResources.ConfigMaps, "a");
        await using var watch = _server.Watch($"{Path}&labelSelector=on=yes");

        Label("yes");
        Assert.Equal("ADDED a", await watch.NextNameAsync());
        Label("no");
        var gone = await watch.NextAsync();
        Assert.Equal("DELETED", gone!["type"]!.GetValue<string>());
        Assert.Equal("yes", gone["object"]!["metadata"]!["labels"]!["on"]!.GetValue<string>());
        Assert.Equal(_server.Cluster.Store.Version.ToString(), gone["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>());
        Label("still-no");
        Label("yes");
        Assert.Equal("ADDED a", await watch.NextNameAsync());

        void Label(string value) => Change("a", json => json.Object("metadata", "labels")["on"] = value);
    }

    [Fact]
    public async Task A_field_selector_of_a_name_watches_one_object()
    {
        await using var watch = _server.Watch($"{Path}&fieldSelector=metadata.name=b");
        _server.Add(ApiResources.ConfigMaps, "a");
        _server.Add(ApiResources.ConfigMaps, "b");

        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task A_version_whose_history_is_gone_is_an_error_event()
    {
        var a = _server.Add(ApiResources.ConfigMaps, "a");
        _server.Cluster.Store.Compact();
        await using var watch = _server.Watch($"{Path}&resourceVersion={a.Version}");

        var error = await watch.NextAsync();
        Assert.Equal(200, watch.Response.Status);
        Assert.Equal("ERROR", error!["type"]!.GetValue<string>());
        Assert.Equal(410, error["object"]!["code"]!.GetValue<int>());
        Assert.Equal("Expired", error["object"]!["reason"]!.GetValue<string>());
        Assert.Equal($"too old resource version: {a.Version} ({_server.Cluster.Store.Version + 1})", error["object"]!["message"]!.GetValue<string>());
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Bookmarks_come_every_minute_and_before_the_end()
    {
        await using var watch = _server.Watch($"{Path}&allowWatchBookmarks=true&timeoutSeconds=100");
        var elsewhere = _server.Add(ApiResources.Secrets, "other");

        await TimerAsync(TimeSpan.FromSeconds(60));
        _server.Clock.Advance(TimeSpan.FromSeconds(60));
        var bookmark = await watch.NextAsync();
        Assert.Equal("BOOKMARK", bookmark!["type"]!.GetValue<string>());
        Assert.Equal(elsewhere.Version.ToString(), bookmark["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>());

        await TimerAsync(TimeSpan.FromSeconds(38));
        _server.Clock.Advance(TimeSpan.FromSeconds(38));
        Assert.Equal("BOOKMARK", (await watch.NextAsync())!["type"]!.GetValue<string>());

        await TimerAsync(TimeSpan.FromSeconds(2));
        _server.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Without_bookmarks_it_just_ends()
    {
        await using var watch = _server.Watch($"{Path}&timeoutSeconds=100");
        await TimerAsync(TimeSpan.FromSeconds(100));
        _server.Clock.Advance(TimeSpan.FromSeconds(100));

        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_streamed_list_ends_with_a_marked_bookmark()
    {
        _server.Add(ApiResources.ConfigMaps, "a");
        await using var watch = _server.Watch($"{Path}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        var bookmark = await watch.NextAsync();
        Assert.Equal("true", bookmark!["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>());
    }

    private Task TimerAsync(TimeSpan dueTime) => _server.Clock.WaitForTimerAsync(dueTime).WaitAsync(TimeSpan.FromSeconds(20));

    private void Change(string name, Action<JsonObject> change) => _server.Cluster.Change(_server.Find(ApiResources.ConfigMaps, name)!, change);
}
