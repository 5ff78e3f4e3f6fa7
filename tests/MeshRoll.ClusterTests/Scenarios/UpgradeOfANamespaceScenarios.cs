using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.TestControlPlane.Workloads;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class UpgradeOfANamespaceOnARealControlPlane(RealWorld world) : UpgradeOfANamespaceScenarios(world);

public sealed class UpgradeOfANamespaceInTheSandbox(EmbeddedWorld world) : UpgradeOfANamespaceScenarios(world);

public abstract class UpgradeOfANamespaceScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task Of_40_workloads_of_all_kinds_exactly_the_outdated_are_restarted_and_all_new_pods_are_verified()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "shop");
        var old = new List<string>();
        foreach (var number in Enumerable.Range(1, 20)) old.Add($"web-{number}");
        foreach (var number in Enumerable.Range(1, 7)) old.Add($"db-{number}");
        foreach (var number in Enumerable.Range(1, 3)) old.Add($"agent-{number}");
        await shop.CreateAsync([.. old.Select(name => name.StartsWith("web", StringComparison.Ordinal) ? (shop.Workload(name) with { Replicas = 2 }).AsDeployment()
            : name.StartsWith("db", StringComparison.Ordinal) ? (shop.Workload(name) with { Replicas = 2 }).AsStatefulSet() : shop.Workload(name).AsDaemonSet())]);

        // Not to be touched: without a sidecar, not restartable in place, or made after the switch and so up to date.
        await shop.CreateAsync(
            NoSidecar(shop, "plain-1").AsDeployment(), NoSidecar(shop, "plain-2").AsStatefulSet(), NoSidecar(shop, "plain-3").AsDaemonSet(),
            shop.Workload("lone-pod").AsPod(), shop.Workload("lone-set").AsReplicaSet(), shop.Workload("batch").AsJob());
        await shop.SwitchToNewRevisionAsync();
        await shop.CreateAsync(
            (shop.Workload("fresh-1") with { Replicas = 2 }).AsDeployment(), shop.Workload("fresh-2").AsDeployment(),
            shop.Workload("fresh-3").AsStatefulSet(), shop.Workload("fresh-4").AsDaemonSet());
        var before = (await shop.PodsAsync()).ToDictionary(pod => (string)pod["metadata"]!["name"]!, pod => (string)pod["metadata"]!["uid"]!);
        await using var session = Open();

        var workloads = await WorkloadsAsync(session, shop.Name, outdatedOnly: true);
        Assert.Equal(["lone-pod", "lone-set", "batch"], workloads.Where(workload => !workload.Restartable).Select(workload => workload.Name).Order(StringComparer.Ordinal).OrderBy(Rank));
        Assert.Equal(old.Order(StringComparer.Ordinal), workloads.Where(workload => workload.Restartable).Select(workload => workload.Name).Order(StringComparer.Ordinal));

        var all = await WorkloadsAsync(session, shop.Name);
        Assert.True(all.Count >= 36, $"{all.Count} workloads seen");
        var events = await RestartAsync(session, [.. all.Where(workload => workload.Restartable).Select(Target)]);

        Assert.Equal(old.Order(StringComparer.Ordinal), events.OfType<RestartEvent.Started>().Select(step => step.Rollout.Name).Order(StringComparer.Ordinal));
        Assert.All(Ended(events), rollout => Assert.True(rollout.State == RolloutState.Complete && rollout.Diagnosis.Count == 0, $"{rollout.Name}: {rollout.State} {rollout.Message}"));
        Assert.All(events.OfType<RestartEvent.Skipped>(), step => Assert.Equal(RolloutState.Skipped, step.Rollout.State));

        var versions = await shop.SidecarVersionsAsync();
        Assert.All(old, name => Assert.All(versions[name], version => Assert.Equal(ClusterWorld.NewVersion, version)));
        var untouched = await shop.PodsAsync();
        Assert.All(untouched.Where(pod => !old.Contains((string)pod["metadata"]!["labels"]!["app"]!)),
            pod => Assert.Equal(before[(string)pod["metadata"]!["name"]!], (string)pod["metadata"]!["uid"]!));
        Assert.DoesNotContain(await WorkloadsAsync(session, shop.Name, outdatedOnly: true), workload => workload.Restartable);
    }

    private static int Rank(string name) => name switch { "lone-pod" => 0, "lone-set" => 1, _ => 2 };

    private static Workload NoSidecar(ScenarioNamespace shop, string name) =>
        shop.Workload(name) with { PodAnnotations = new Dictionary<string, string> { ["sidecar.istio.io/inject"] = "false" } };
}
