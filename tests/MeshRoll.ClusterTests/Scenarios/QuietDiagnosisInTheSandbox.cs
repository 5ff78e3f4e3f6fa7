using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Kubelet;

namespace MeshRoll.ClusterTests.Scenarios;

/// <summary>What diagnosis costs, by the sandbox's own log of requests; a real server keeps none that a test could read.</summary>
public sealed class QuietDiagnosisInTheSandbox(EmbeddedWorld world) : Scenario(world)
{
    [Fact]
    public async Task While_nothing_is_wrong_a_wait_asks_for_nothing_beyond_one_list_and_watch_of_workloads_and_of_pods()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "quiet");
        string[] names = [.. Enumerable.Range(1, 20).Select(number => $"web-{number}")];
        await shop.CreateAsync([.. names.Select(name => (shop.Workload(name) with { Replicas = 2 }).AsDeployment())]);
        foreach (var name in names) await shop.PatchAppAsync("deployments", name, Annotation("restarted", "now"));
        await using var session = Open();
        world.ClearRequests();

        var ended = await FollowAsync(session, names.Select(name => Rollout(shop.Name, name)), new() { TimeoutAll = TimeSpan.FromSeconds(30) });

        Assert.All(ended, rollout => Assert.Equal((RolloutState.Complete, 0), (rollout.State, rollout.Diagnosis.Count)));
        Assert.Equal(["list deployments", "list pods", "watch deployments", "watch pods"], Ours().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Once_something_is_wrong_it_asks_for_that_and_for_many_workloads_no_more_often_than_for_one()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "loud");
        string[] names = [.. Enumerable.Range(1, 10).Select(number => $"web-{number}")];
        await shop.CreateAsync([.. names.Select(name => shop.Workload(name).AsDeployment())]);
        foreach (var name in names) await shop.PatchAppAsync("deployments", name, Annotation(PodFaults.NeverReadyAnnotation, "true"));
        await using var session = Open();
        world.ClearRequests();

        var ended = await FollowAsync(session, names.Select(name => Rollout(shop.Name, name)), new() { TimeoutAll = TimeSpan.FromSeconds(12) });

        Assert.All(ended, rollout => Assert.Equal((RolloutState.TimedOut, "NotReady"), (rollout.State, Assert.Single(rollout.Diagnosis).Id)));
        Assert.InRange(Ours().Count(asked => asked == "list events"), 1, 2);
        Assert.DoesNotContain(Ours(), asked => asked.Contains("log", StringComparison.Ordinal) || asked.Contains("configmaps", StringComparison.Ordinal));
    }

    private IEnumerable<string> Ours() => world.Requests.Where(asked => asked.UserAgent.Contains("meshroll", StringComparison.OrdinalIgnoreCase))
        .Select(asked => $"{asked.Verb} {asked.Resource}{(asked.Subresource.Length > 0 ? "/" + asked.Subresource : "")}");

    private static MeshRollout Rollout(string @namespace, string name) => new() { Cluster = "meshroll-test", Namespace = @namespace, Kind = "Deployment", Name = name, DesiredVersion = ClusterWorld.OldVersion };

    private static JsonObject Annotation(string name, string value) => new()
    {
        ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } } },
    };
}
