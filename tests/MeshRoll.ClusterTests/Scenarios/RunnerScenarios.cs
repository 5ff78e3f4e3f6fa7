using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class RunnerOnARealControlPlane(RealWorld world) : RunnerScenarios(world);

public sealed class RunnerInTheSandbox(EmbeddedWorld world) : RunnerScenarios(world);

public abstract class RunnerScenarios(ClusterWorld world) : RunnerScenario(world)
{
    [Fact]
    public async Task The_main_job_in_two_command_lines()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "runner");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment(), shop.Workload("db").AsStatefulSet());
        await shop.SwitchToNewRevisionAsync();

        var (code, outdated, _) = await RunAsync("sidecars", "--namespace", shop.Name, "--outdated", "--output", "json");
        Assert.Equal(0, code);
        var rows = JsonNode.Parse(outdated)!.AsArray();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal((ClusterWorld.OldVersion, ClusterWorld.NewVersion), ((string)row!["version"]!, (string)row["desiredVersion"]!)));

        (code, var table, var progress) = await RunAsync("restart", "--namespace", shop.Name);
        Assert.Equal(0, code);
        Assert.Contains("deployment/web", table, StringComparison.Ordinal);
        Assert.Contains("statefulset/db started", progress, StringComparison.Ordinal);

        (code, outdated, _) = await RunAsync("sidecars", "--namespace", shop.Name, "--outdated", "--output", "json");
        Assert.Equal((0, "[]"), (code, outdated.Trim()));

        (code, _, var nothing) = await RunAsync("restart", "--namespace", shop.Name);
        Assert.Equal(0, code);
        Assert.Contains("nothing to restart", nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_workload_is_exit_code_1_and_one_that_takes_too_long_3()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "exit");
        await shop.CreateAsync((shop.Workload("web") with { Image = "gone.example/exit:1" }).AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        await World.DeleteImageAsync("gone.example/exit:1");
        var (code, table, _) = await RunAsync("restart", "--namespace", shop.Name);
        Assert.Equal(1, code);
        Assert.Contains("gone.example/exit:1", table, StringComparison.Ordinal);

        var slow = await ScenarioNamespace.CreateAsync(World, "slow");
        await slow.CreateAsync((slow.Workload("web") with { PodAnnotations = new Dictionary<string, string> { [TestControlPlane.Kubelet.PodFaults.ReadyAfterAnnotation] = "5s" } }).AsDeployment());
        await slow.SwitchToNewRevisionAsync();
        (code, table, _) = await RunAsync("restart", "--namespace", slow.Name, "--timeout", "2s");
        Assert.Equal(3, code);
        Assert.Contains("TimedOut", table, StringComparison.Ordinal);
    }
}
