using System.Runtime.CompilerServices;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api.Subresources;

public sealed class LogSubresourceTests
{
    private readonly TestServer _server = new(new FakeLogs());

    [Theory]
    [InlineData("", "one\ntwo\nthree\n")]
    [InlineData("?tailLines=1", "three\n")]
    [InlineData("?tailLines=0", "")]
    [InlineData("?limitBytes=5", "one\nt")]
    [InlineData("?sinceSeconds=90", "two\nthree\n")]
    [InlineData("?sinceTime=2026-03-01T11:59:30Z", "three\n")]
    [InlineData("?timestamps=true&tailLines=1", "2026-03-01T12:00:00.000000Z three\n")]
    [InlineData("?previous=true", "before\n")]
    [InlineData("?follow=true", "one\ntwo\nthree\nfour\n")]
    public async Task A_container_s_lines_are_plain_text(string query, string text)
    {
        Pod("a");
        var answer = await _server.GetAsync($"{Manifests.Pods}/a/log{query}");

        Assert.Equal((200, "text/plain", text), (answer.Status, answer.ContentType, answer.Text));
    }

    [Fact]
    public async Task Of_several_containers_one_must_be_named()
    {
        var pod = _server.Add(ApiResources.Pods, "a", """{"spec":{"initContainers":[{"name":"init","image":"i"}],"containers":[{"name":"app","image":"a"},{"name":"proxy","image":"p"}]}}""");
        _server.Cluster.Write(pod, json => json.Object("spec")["nodeName"] = "node-1");
        var none = await _server.GetAsync($"{Manifests.Pods}/a/log");
        var wrong = await _server.GetAsync($"{Manifests.Pods}/a/log?container=other");
        var right = await _server.GetAsync($"{Manifests.Pods}/a/log?container=init");

        Assert.Equal((400, "a container name must be specified for pod a, choose one of: [app proxy] or one of the init containers: [init]"), (none.Status, none.Message()));
        Assert.Equal((400, "container other is not valid for pod a"), (wrong.Status, wrong.Message()));
        Assert.Equal(200, right.Status);
    }

    [Fact]
    public async Task A_pod_without_a_node_has_no_log()
    {
        _server.Add(ApiResources.Pods, "a", Manifests.Pod("a"));
        var answer = await _server.GetAsync($"{Manifests.Pods}/a/log");

        Assert.Equal((400, "pod a does not have a host assigned"), (answer.Status, answer.Message()));
    }

    private void Pod(string name) => _server.Cluster.Write(_server.Add(ApiResources.Pods, name, Manifests.Pod(name)), json => json.Object("spec")["nodeName"] = "node-1");

    private sealed class FakeLogs : IPodLogs
    {
        private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public IReadOnlyList<PodLogLine> Read(StoredObject pod, string container, bool previous) =>
            previous ? [new(Noon, "before")] : [new(Noon.AddMinutes(-2), "one"), new(Noon.AddMinutes(-1), "two"), new(Noon, "three")];

        public async IAsyncEnumerable<PodLogLine> FollowAsync(StoredObject pod, string container, int after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Assert.Equal(3, after);
            await Task.Yield();
            yield return new(Noon.AddMinutes(1), "four");
        }
    }
}
