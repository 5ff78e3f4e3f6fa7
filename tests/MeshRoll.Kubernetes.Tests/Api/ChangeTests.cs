using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Kubernetes.Transport;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class ChangeTests
{
    private const string Scale = """{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web","namespace":"shop","resourceVersion":"7"},"spec":{"replicas":3},"status":{"replicas":2,"selector":"app=web"}}""";
    private const string Rollout = """{"kind":"Rollout","apiVersion":"argoproj.io/v1alpha1","metadata":{"name":"web","generation":4},"spec":{"replicas":null,"restartAt":"2026-01-02T03:04:05Z"},"status":{"observedGeneration":"4","conditions":null}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PatchKind.StrategicMerge, "application/strategic-merge-patch+json")]
    [InlineData(PatchKind.Merge, "application/merge-patch+json")]
    [InlineData(PatchKind.Json, "application/json-patch+json")]
    public async Task A_patch_is_sent_as_what_it_is(PatchKind kind, string type)
    {
        var server = InTurn(Answer(Rollout));
        await using var client = server.NewClient();

        var rollout = await client.PatchAsync(Resources.ArgoRollouts, "shop", "web", new(kind, Encoding.UTF8.GetBytes("{\"a\":1}")), Replay.Safe, new() { FieldManager = "me too", DryRun = true }, Cancel);

        Assert.Equal((4L, "4", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), (rollout.Metadata.Generation, rollout.Status.ObservedGeneration, rollout.Spec.RestartAt));
        Assert.Empty(rollout.Status.Conditions);
        var asked = server.Asked.Single();
        Assert.Equal(("PATCH", "apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web", "{\"a\":1}", type), (asked.Method, asked.Path, asked.Body, asked.BodyType));
        Assert.Equal(("me too", "All"), (asked["fieldManager"], asked["dryRun"]));
    }

    [Fact]
    public async Task Our_field_manager_is_named_when_nothing_else_is_said()
    {
        var server = InTurn(Answer(Rollout));
        await using var client = server.NewClient();

        await client.PatchAsync(Resources.ArgoRollouts, "shop", "web", new(PatchKind.Merge, "{}"u8.ToArray()), Replay.Safe, cancellationToken: Cancel);

        Assert.Equal(("meshroll", null), (server.Asked[0]["fieldManager"], server.Asked[0]["dryRun"]));
    }

    [Fact]
    public async Task A_change_whose_answer_broke_is_repeated_only_when_that_does_no_harm()
    {
        var cut = new ScriptedServer(_ => Answer(new ScriptedStream().Send("{\"kind\":"u8.ToArray()).Break()));
        await using var client = cut.NewClient();
        var patch = new Patch(PatchKind.Merge, "{}"u8.ToArray());

        await Assert.ThrowsAsync<ApiProtocolException>(() => client.PatchAsync(Resources.ArgoRollouts, "shop", "web", patch, Replay.Never, cancellationToken: Cancel));
        Assert.Single(cut.Asked);
        await Assert.ThrowsAsync<ApiProtocolException>(() => client.PatchAsync(Resources.ArgoRollouts, "shop", "web", patch, Replay.Safe, cancellationToken: Cancel));
        Assert.Equal(4, cut.Asked.Count);
    }

    [Fact]
    public async Task A_scale_is_set_on_condition_that_nobody_else_did()
    {
        var server = InTurn(Answer(Scale), Answer(Scale.Replace("\"replicas\":3", "\"replicas\":5", StringComparison.Ordinal)));
        await using var client = server.NewClient();

        var scale = await client.GetScaleAsync(Resources.Deployments, "shop", "web", Cancel);
        var changed = await client.SetScaleAsync(Resources.Deployments, scale, 5, cancellationToken: Cancel);

        Assert.Equal((3, 2, "app=web", 5), (scale.Spec.Replicas, scale.Status.Replicas, scale.Status.Selector, changed.Spec.Replicas));
        Assert.All(server.Asked, asked => Assert.Equal("apis/apps/v1/namespaces/shop/deployments/web/scale", asked.Path));
        var sent = JsonNode.Parse(server.Asked[1].Body)!;
        Assert.Equal("PUT", server.Asked[1].Method);
        Assert.Equal(("7", 5), ((string?)sent["metadata"]!["resourceVersion"], (int?)sent["spec"]!["replicas"]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.SetScaleAsync(Resources.Deployments, scale, -1, cancellationToken: Cancel));
    }

    [Theory]
    [InlineData("v1beta1", "policy/v1beta1")]
    [InlineData("v1", "policy/v1")]
    public async Task An_eviction_speaks_the_version_the_server_knows(string version, string expected)
    {
        var server = new ScriptedServer(asked => asked.Method == "GET"
            ? Answer("{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"pods\",\"kind\":\"Pod\"},{\"name\":\"pods/eviction\",\"group\":\"policy\",\"version\":\"" + version + "\",\"kind\":\"Eviction\"}]}")
            : Answer("{\"kind\":\"Status\",\"status\":\"Success\"}", Json, HttpStatusCode.Created));
        await using var client = server.NewClient();

        await client.EvictAsync("shop", "web-1", options: new() { DryRun = true }, cancellationToken: Cancel);
        await client.EvictAsync("shop", "web-2", cancellationToken: Cancel);

        Assert.Equal(["api/v1", "api/v1/namespaces/shop/pods/web-1/eviction", "api/v1/namespaces/shop/pods/web-2/eviction"], server.Asked.Select(asked => asked.Path));
        Assert.Equal(["All", null], server.Asked.Skip(1).Select(asked => asked["dryRun"]));
        var sent = JsonNode.Parse(server.Asked[2].Body)!;
        Assert.Equal((expected, "Eviction", "web-2"), ((string?)sent["apiVersion"], (string?)sent["kind"], (string?)sent["metadata"]!["name"]));
    }

    [Fact]
    public async Task An_eviction_a_budget_refuses_is_told_at_once_and_with_its_cause()
    {
        var server = new ScriptedServer(asked => asked.Method == "GET" ? Answer("{\"kind\":\"APIResourceList\",\"resources\":[]}")
            : Refusal(HttpStatusCode.TooManyRequests, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", "", ("DisruptionBudget", "The disruption budget web needs 2 healthy pods and has 2 currently")));
        await using var client = server.NewClient();

        var failure = await Assert.ThrowsAsync<ApiException>(() => client.EvictAsync("shop", "web-1", cancellationToken: Cancel));

        Assert.Equal("MeshRoll.TooManyRequests", failure.Id);
        Assert.Equal("DisruptionBudget", failure.Causes.Single().Reason);
        Assert.Contains("disruption budget", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task A_deletion_carries_its_conditions()
    {
        var server = new ScriptedServer(_ => Answer("{\"kind\":\"Status\",\"status\":\"Success\"}"));
        await using var client = server.NewClient();

        await client.DeleteAsync(Resources.Pods, "shop", "web-1", new() { Uid = "u1", GracePeriodSeconds = 0, DryRun = true }, Cancel);

        var sent = JsonNode.Parse(server.Asked[0].Body)!;
        Assert.Equal(("DELETE", "u1", 0, "All"), (server.Asked[0].Method, (string?)sent["preconditions"]!["uid"], (int?)sent["gracePeriodSeconds"], (string?)sent["dryRun"]?[0]));
    }

    [Fact]
    public async Task An_object_is_made_from_its_JSON()
    {
        var server = InTurn(Answer(TestPod.Utf8(new TestPod("a").ToJson()), Json, HttpStatusCode.Created));
        await using var client = server.NewClient();

        var pod = await client.CreateAsync(Resources.Pods, "shop", "{\"kind\":\"Pod\"}"u8.ToArray(), cancellationToken: Cancel);

        Assert.Equal("a", pod.Metadata.Name);
        Assert.Equal(("POST", "api/v1/namespaces/shop/pods", "{\"kind\":\"Pod\"}"), (server.Asked[0].Method, server.Asked[0].Path, server.Asked[0].Body));
    }

    [Fact]
    public async Task Discovery_is_asked_once_however_many_want_to_know()
    {
        var server = new ScriptedServer(asked => asked.Path.Contains("argoproj", StringComparison.Ordinal)
            ? Answer("404 page not found", "text/plain", HttpStatusCode.NotFound)
            : Answer("{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"deployments\"},{\"name\":\"deployments/scale\",\"group\":\"autoscaling\",\"version\":\"v1\"}]}"));
        await using var client = server.NewClient();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.ServesAsync(Resources.Deployments, Cancel)));

        Assert.All(answers, Assert.True);
        Assert.False(await client.ServesAsync(Resources.StatefulSets, Cancel));
        Assert.False(await client.ServesAsync(Resources.ArgoRollouts, Cancel));
        Assert.False(await client.ServesAsync(Resources.ArgoRollouts, Cancel));
        Assert.Equal(["apis/apps/v1", "apis/argoproj.io/v1alpha1"], server.Asked.Select(asked => asked.Path));
    }

    [Fact]
    public async Task Failed_discovery_is_asked_again()
    {
        var server = InTurn(Refusal(HttpStatusCode.InternalServerError, "InternalError", "not now"), Answer("{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"deployments\"}]}"));
        await using var client = server.NewClient();

        await Assert.ThrowsAsync<ApiException>(() => client.ServesAsync(Resources.Deployments, Cancel));
        Assert.True(await client.ServesAsync(Resources.Deployments, Cancel));
    }

    [Fact]
    public async Task The_server_judges_the_callers_rights()
    {
        var server = InTurn(
            Answer("{\"kind\":\"SelfSubjectAccessReview\",\"status\":{\"allowed\":false,\"reason\":\"no\"}}", Json, HttpStatusCode.Created),
            Answer("{\"kind\":\"SelfSubjectAccessReview\",\"status\":{\"allowed\":true}}", Json, HttpStatusCode.Created));
        await using var client = server.NewClient();

        Assert.False(await client.CanIAsync("create", Resources.Pods, "shop", "web", "eviction", Cancel));
        Assert.True(await client.CanIAsync("list", Resources.Deployments, null, cancellationToken: Cancel));

        var sent = JsonNode.Parse(server.Asked[0].Body)!["spec"]!["resourceAttributes"]!;
        Assert.Equal(("create", "", "pods", "shop", "web", "eviction"), ((string?)sent["verb"], (string?)sent["group"], (string?)sent["resource"], (string?)sent["namespace"], (string?)sent["name"], (string?)sent["subresource"]));
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_found_as_null()
    {
        await using var client = InTurn(Refusal(HttpStatusCode.NotFound, "NotFound", "pods \"x\" not found", "x")).NewClient();

        Assert.Null(await client.FindAsync(Resources.Pods, "shop", "x", Cancel));
    }

    [Fact]
    public async Task The_servers_version_is_told()
    {
        await using var client = InTurn(Answer("{\"major\":\"1\",\"gitVersion\":\"v1.33.1\"}")).NewClient();

        Assert.Equal("v1.33.1", await client.GetVersionAsync(Cancel));
    }
}
