using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class FailingRestartOnARealControlPlane(RealWorld world) : FailingRestartScenarios(world);

public sealed class FailingRestartInTheSandbox(EmbeddedWorld world) : FailingRestartScenarios(world);

public abstract class FailingRestartScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task A_missing_image_stops_the_walk_after_one_workload_and_names_the_image()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "vanished");
        await shop.CreateAsync([.. Enumerable.Range(1, 4).Select(number =>
            (shop.Workload($"web-{number}") with { Replicas = 2, Image = $"gone.example/app:{number}" }).AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        // As the field story has it: the old pods run, but the image was deleted from the registry meanwhile.
        await World.DeleteImageAsync("gone.example/app:1");
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).OrderBy(workload => workload.Name, StringComparer.Ordinal).Select(Target).ToList();
        await using var floor = await shop.WatchReadyFloorAsync();

        var events = await RestartAsync(session, targets, new RestartOptions { MaxConcurrent = 1 });

        var failed = Assert.Single(Ended(events));
        Assert.Equal((RolloutState.Failed, "web-1"), (failed.State, failed.Name));
        Assert.Contains("gone.example/app:1", failed.Message, StringComparison.Ordinal);
        Assert.Contains(failed.Diagnosis, finding => finding is { Id: "ImagePull", Verdict: FindingVerdict.Fatal });
        var stopped = Assert.Single(events.OfType<RestartEvent.Stopped>());
        Assert.Equal(["web-2", "web-3", "web-4"], stopped.NotStarted.Select(workload => workload.Name));
        Assert.Equal(2, floor.FloorOf("web-1"));
        var versions = await shop.SidecarVersionsAsync();
        Assert.All(["web-2", "web-3", "web-4"], name => Assert.All(versions[name], version => Assert.Equal(ClusterWorld.OldVersion, version)));
    }

    [Fact]
    public async Task A_single_replica_never_goes_to_zero_ready_pods()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "single");
        await shop.CreateAsync([.. Enumerable.Range(1, 5).Select(number => shop.Workload($"web-{number}").AsDeployment())]);
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        await using var floor = await shop.WatchReadyFloorAsync();

        var events = await RestartAsync(session, [.. (await WorkloadsAsync(session, shop.Name)).Select(Target)]);

        Assert.All(Ended(events), rollout => Assert.Equal(RolloutState.Complete, rollout.State));
        Assert.Equal(5, Ended(events).Count);
        Assert.All(Enumerable.Range(1, 5), number => Assert.Equal(1, floor.FloorOf($"web-{number}")));
    }

    [Theory]
    [InlineData(PodFaults.InitFailsAnnotation, "true", "InitContainerFailed")]
    [InlineData(PodFaults.CrashesAfterAnnotation, "100ms", "CrashLoop")]
    [InlineData(PodFaults.ConfigMissingAnnotation, "shop-settings", "ContainerConfig")]
    public async Task A_pod_that_cannot_come_up_fails_the_wait_long_before_its_deadline_with_the_reason(string annotation, string value, string finding)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "broken");
        await shop.CreateAsync((shop.Workload("web") with { InitImage = "hub.example/init:1", MinReadySeconds = 2 }).AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        await shop.PatchAppAsync("deployments", "web", Template(annotation, value));
        await using var session = Open();

        var ended = Assert.Single(await FollowAsync(session, [new MeshRollout { Cluster = session.Name, Namespace = shop.Name, Kind = "Deployment", Name = "web" }],
            new FollowOptions { TimeoutAll = TimeSpan.FromMinutes(1) }));

        Assert.True(ended.State == RolloutState.Failed, $"{ended.State}: {ended.Message} {string.Join("; ", ended.Diagnosis.Select(found => $"{found.Id} {found.Verdict} {found.Message}"))}");
        Assert.Contains(ended.Diagnosis, found => found.Id == finding);
    }

    [Fact]
    public async Task Without_the_right_to_patch_each_workload_is_refused_with_verb_and_resource_and_nothing_changes()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "readonly");
        await shop.CreateAsync(shop.Workload("web-1").AsDeployment(), shop.Workload("db-1").AsStatefulSet());
        await shop.SwitchToNewRevisionAsync();
        var reader = World.CreateUser(shop.Name);
        await shop.Api.GrantAsync(reader.Name, null, s_reading, Cancelled);
        await using var session = Open(reader.KubeConfigPath);
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target).ToList();
        Assert.Equal(2, targets.Count);

        var events = await RestartAsync(session, targets);

        var refused = events.OfType<RestartEvent.Refused>().ToList();
        Assert.Equal(2, refused.Count);
        Assert.All(refused, step => Assert.Equal("MeshRoll.Forbidden", step.Error.Id));
        Assert.Contains(refused, step => step.Error.Message.Contains("patch", StringComparison.Ordinal) && step.Error.Message.Contains("deployments", StringComparison.Ordinal)
            && step.Error.Message.Contains(shop.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(events, step => step is RestartEvent.Started);
    }

    [Fact]
    public async Task A_paused_and_an_OnDelete_workload_are_refused_with_the_way_out_and_the_rest_goes_on()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "mixed");
        await shop.CreateAsync(shop.Workload("web").AsDeployment(), shop.Workload("held").AsDeployment(),
            (shop.Workload("db") with { Strategy = Workload.StrategyOf("OnDelete") }).AsStatefulSet());
        await shop.PatchAppAsync("deployments", "held", new JsonObject { ["spec"] = new JsonObject { ["paused"] = true } });
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();

        var events = await RestartAsync(session, [.. (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(Target)]);

        var refused = events.OfType<RestartEvent.Refused>().ToDictionary(step => step.Workload.Name, step => step.Error.Message);
        Assert.Equal(["db", "held"], refused.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("resume", refused["held"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("OnDelete", refused["db"], StringComparison.Ordinal);
        Assert.Equal(("web", RolloutState.Complete), Assert.Single(Ended(events).Select(rollout => (rollout.Name, rollout.State))));
    }

    /// <summary>The rights that README names for reading, and none to change anything.</summary>
    private static readonly RoleRule[] s_reading =
    [
        new("", ["pods", "namespaces", "configmaps", "events"], ["get", "list", "watch"]),
        new("apps", ["replicasets", "deployments", "statefulsets", "daemonsets"], ["get", "list", "watch"]),
        new("admissionregistration.k8s.io", ["mutatingwebhookconfigurations"], ["get", "list", "watch"]),
        new("argoproj.io", ["rollouts"], ["get", "list", "watch"]),
    ];

    private static JsonObject Template(string annotation, string value) => new()
    {
        ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } } },
    };
}
