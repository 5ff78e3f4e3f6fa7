using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class DeleteObjectTests
{
    private readonly TestServer _server = new();

    [Fact]
    public async Task What_is_gone_is_answered_with_a_status()
    {
        var web = _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));
        var answer = await _server.DeleteAsync($"{Manifests.Deployments}/web", """{"propagationPolicy":"Background"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal($$$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"web","group":"apps","kind":"deployments","uid":"{{{web.Uid}}}"}}""", answer.Text);
        Assert.Null(_server.Find(ApiResources.Deployments, "web"));
    }

    [Theory]
    [InlineData("Foreground", "foregroundDeletion")]
    [InlineData("Orphan", "orphan")]
    public async Task A_policy_that_takes_time_marks_the_object(string policy, string finalizer)
    {
        _server.Add(ApiResources.Deployments, "web", Manifests.Deployment("web"));
        var answer = await _server.DeleteAsync($"{Manifests.Deployments}/web?propagationPolicy={policy}");

        var web = answer.Json();
        Assert.Equal(finalizer, web["metadata"]!["finalizers"]![0]!.GetValue<string>());
        Assert.Equal(("2026-03-01T12:00:00Z", 2L), (web.Text("metadata", "deletionTimestamp"), web.Number("metadata", "generation")));
        Assert.NotNull(_server.Find(ApiResources.Deployments, "web"));
    }

    [Fact]
    public async Task A_running_pod_has_time_to_end()
    {
        Running("a");
        var first = (await _server.DeleteAsync($"{Manifests.Pods}/a")).Json();
        _server.Simulation.After(TimeSpan.FromSeconds(10), () => { });
        _server.Simulation.Settle(TimeSpan.FromSeconds(10));
        var longer = (await _server.DeleteAsync($"{Manifests.Pods}/a?gracePeriodSeconds=60")).Json();
        var shorter = (await _server.DeleteAsync($"{Manifests.Pods}/a", """{"gracePeriodSeconds":5}""")).Json();

        Assert.Equal(("2026-03-01T12:00:30Z", 30L), (first.Text("metadata", "deletionTimestamp"), first.Number("metadata", "deletionGracePeriodSeconds")));
        Assert.Equal("2026-03-01T12:00:30Z", longer.Text("metadata", "deletionTimestamp"));
        Assert.Equal(("2026-03-01T12:00:05Z", 5L), (shorter.Text("metadata", "deletionTimestamp"), shorter.Number("metadata", "deletionGracePeriodSeconds")));
        Assert.NotNull(_server.Find(ApiResources.Pods, "a"));
    }

    [Theory]
    [InlineData("?gracePeriodSeconds=0")]
    [InlineData("unscheduled")]
    public async Task A_pod_without_grace_or_node_is_gone_at_once(string how)
    {
        if (how == "unscheduled") _server.Add(ApiResources.Pods, "a", Manifests.Pod("a"));
        else Running("a");
        var answer = await _server.DeleteAsync($"{Manifests.Pods}/a{(how == "unscheduled" ? "" : how)}");

        Assert.Equal((200, "Pod"), (answer.Status, answer.Json().Text("kind")));
        Assert.Null(_server.Find(ApiResources.Pods, "a"));
    }

    [Fact]
    public async Task Preconditions_are_heeded()
    {
        var map = _server.Add(ApiResources.Deployments, "a", Manifests.Deployment("a"));
        var path = $"{Manifests.Deployments}/a";
        var uid = await _server.DeleteAsync(path, """{"preconditions":{"uid":"other"}}""");
        var version = await _server.DeleteAsync(path, """{"preconditions":{"resourceVersion":"1"}}""");
        var right = await _server.DeleteAsync(path, $$$"""{"preconditions":{"uid":"{{{map.Uid}}}","resourceVersion":"{{{map.Version}}}"}}""");

        Assert.Equal((409, $"Operation cannot be fulfilled on Deployment.apps \"a\": the UID in the precondition (other) does not match the UID in record ({map.Uid}). The object might have been deleted and then recreated"), (uid.Status, uid.Message()));
        Assert.Equal((409, $"Operation cannot be fulfilled on Deployment.apps \"a\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record ({map.Version}). The object might have been modified"), (version.Status, version.Message()));
        Assert.Equal(200, right.Status);
    }

    [Fact]
    public async Task Beside_a_body_the_query_of_a_deletion_is_not_read()
    {
        await _server.PostAsync(Manifests.ConfigMaps, Manifests.ConfigMap("a"));

        await _server.DeleteAsync($"{Manifests.ConfigMaps}/a?dryRun=All", """{"gracePeriodSeconds":0}""");

        Assert.Equal(404, (await _server.GetAsync($"{Manifests.ConfigMaps}/a")).Status);
    }

    [Fact]
    public async Task A_dry_run_deletes_nothing()
    {
        _server.Add(ApiResources.ConfigMaps, "a");
        var answers = new[] { await _server.DeleteAsync($"{Manifests.ConfigMaps}/a?dryRun=All"), await _server.DeleteAsync($"{Manifests.ConfigMaps}/a", """{"dryRun":["All"]}""") };

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.NotNull(_server.Find(ApiResources.ConfigMaps, "a"));
    }

    [Fact]
    public async Task What_is_missing_or_wrong_is_refused()
    {
        _server.Add(ApiResources.Namespaces, "default");
        var missing = await _server.DeleteAsync($"{Manifests.ConfigMaps}/a");
        var policy = await _server.DeleteAsync($"{Manifests.ConfigMaps}/a?propagationPolicy=Sideways");
        var immortal = await _server.DeleteAsync("/api/v1/namespaces/default");

        Assert.Equal((404, "configmaps \"a\" not found"), (missing.Status, missing.Message()));
        Assert.Equal(422, policy.Status);
        Assert.Equal((403, "namespaces \"default\" is forbidden: this namespace may not be deleted"), (immortal.Status, immortal.Message()));
    }

    [Fact]
    public async Task A_namespace_stays_until_it_is_finalized()
    {
        var marked = (await _server.DeleteAsync("/api/v1/namespaces/shop")).Json();
        Assert.Equal("Terminating", marked.Text("status", "phase"));

        marked.AsObject().Object("spec")["finalizers"] = new JsonArray();
        var answer = await _server.PutAsync("/api/v1/namespaces/shop/finalize", marked.ToJsonString());

        Assert.Equal(200, answer.Status);
        Assert.Null(_server.Find(ApiResources.Namespaces, "shop"));
    }

    [Fact]
    public async Task A_collection_goes_by_selector()
    {
        foreach (var name in (string[])["a", "b", "c"]) _server.Add(ApiResources.ConfigMaps, name, name == "b" ? "{}" : """{"metadata":{"labels":{"old":"yes"}}}""");
        var answer = await _server.DeleteAsync($"{Manifests.ConfigMaps}?labelSelector=old=yes");

        Assert.Equal(["a", "c"], answer.Json().Names());
        Assert.Equal(["b"], _server.Cluster.Store.List(ApiResources.ConfigMaps, "shop").Select(map => map.Name));
    }

    private StoredObject Running(string name)
    {
        var pod = _server.Add(ApiResources.Pods, name, Manifests.Pod(name));
        return _server.Cluster.Write(pod, json =>
        {
            json.Object("spec")["nodeName"] = "node-1";
            json.Object("status")["phase"] = "Running";
        });
    }
}
