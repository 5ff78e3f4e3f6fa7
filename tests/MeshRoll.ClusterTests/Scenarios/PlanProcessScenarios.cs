using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class PlanProcessesOnARealControlPlane(RealWorld world) : PlanProcessScenarios(world);

public sealed class PlanProcessesInTheSandbox(EmbeddedWorld world) : PlanProcessScenarios(world);

/// <summary>Plans carried out by processes of their own: killed by the system, taken over, and without room for their journal.</summary>
public abstract class PlanProcessScenarios(ClusterWorld world) : Scenario(world), IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("meshroll-plan-");

    private string PlanPath => Path.Combine(_files.FullName, "plan.yaml");

    private string JournalPath => PlanFile.JournalBeside(PlanPath);

    public void Dispose()
    {
        _files.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_taken_over_at_once_on_the_same_machine()
    {
        var (shop, plan) = await PlanAsync("plankilledhere", 4);
        await RunAndKillAsync();

        var began = Stopwatch.GetTimestamp();
        var (code, text) = await EndAsync(Start("resume"));

        Assert.True(code == 0, text);
        Assert.DoesNotContain("waiting until it has ended", text, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(45), text);
        await EachRestartedOnceAsync(shop, plan, beginnings: 2);
    }

    [Fact]
    public async Task On_another_machine_it_is_taken_over_when_its_Lease_has_not_changed_for_a_minute()
    {
        var (shop, plan) = await PlanAsync("plankilledthere", 3);
        await RunAndKillAsync();
        // To whoever takes over now, the dead process is one of another machine: whether that lives, nobody here can tell.
        var lease = $"{ObjectPath.Collection("coordination.k8s.io/v1", "leases", shop.Name)}/meshroll-plan-{plan.Id}";
        var holder = (string)(await World.Api.GetAsync(lease, Cancelled))["spec"]!["holderIdentity"]!;
        await World.Api.PatchAsync(lease, JsonNode.Parse($$$"""{"spec":{"holderIdentity":"ops@elsewhere/{{{holder.Split('/', 2)[1]}}}"}}""")!, cancellation: Cancelled);

        var began = Stopwatch.GetTimestamp();
        var (code, text) = await EndAsync(Start("resume"));

        Assert.True(code == 0, text);
        Assert.Contains("ops@elsewhere/", text, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 60, 110);
        await EachRestartedOnceAsync(shop, plan, beginnings: 2);
    }

    [Fact]
    public async Task A_disk_that_is_full_in_the_middle_ends_the_run_in_order_and_with_room_again_it_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The size of files is limited as Linux does it.");
        var (shop, plan) = await PlanAsync("planfull", 4);
        using var runner = Start("run", withoutSignal: true);
        await JournalSaysAsync(RunEvent.Started, runner);
        FileSizeLimit.Set(runner.Id, (ulong)new FileInfo(JournalPath).Length + 10);

        var (code, text) = await EndAsync(runner);

        Assert.True(code is not 0, text);
        Assert.Contains(JournalPath, text, StringComparison.Ordinal);
        Assert.Contains("cannot be written any more", text, StringComparison.Ordinal);
        Assert.Contains("make room on the disk", text, StringComparison.Ordinal);
        Assert.Contains("meshroll resume", text, StringComparison.Ordinal);
        var begun = JournalReader.Read(JournalPath).Entries.Where(entry => entry.Event == RunEvent.Starting).Select(entry => entry.Workload!.Name).ToHashSet();
        Assert.InRange(begun.Count, 1, 3);
        foreach (var workload in plan.Waves.SelectMany(wave => wave.Workloads))
        {
            var found = await shop.AppAsync("deployments", workload.Name);
            if (!begun.Contains(workload.Name)) Assert.Equal("1", Revision(found));
            // What was begun was followed until it was back.
            else Assert.Equal(("2", 1), (Revision(found), (int?)found["status"]!["availableReplicas"]));
        }
        Assert.False(await HasLeaseAsync(shop, plan));

        (code, text) = await EndAsync(Start("resume"));

        Assert.True(code == 0, text);
        await EachRestartedOnceAsync(shop, plan, beginnings: 2);
    }

    [Fact]
    public async Task A_journal_that_is_removed_under_its_run_ends_it_and_without_it_the_rest_is_done()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let it be removed.");
        var (shop, plan) = await PlanAsync("planremoved", 4);
        using var runner = Start("run");
        await JournalSaysAsync(RunEvent.Started, runner);
        File.Delete(JournalPath);

        var (code, text) = await EndAsync(runner);

        Assert.True(code is not 0, text);
        Assert.Contains("it was removed", text, StringComparison.Ordinal);
        (code, text) = await EndAsync(Start("resume"));
        Assert.True(code == 0, text);
        await EachRestartedOnceAsync(shop, plan, beginnings: 1);
    }

    private async Task<(ScenarioNamespace Shop, MeshRolloutPlan Plan)> PlanAsync(string name, int count)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, name);
        await shop.CreateAsync([.. Enumerable.Range(1, count).Select(number =>
            (shop.Workload($"web-{number}") with { Replicas = 1, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "1s" } }).AsDeployment())]);
        await shop.ReadyAsync();
        await shop.SwitchToNewRevisionAsync();
        await using var session = Open();
        var targets = (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(workload => new PlanTarget(Target(workload), workload.Versions));
        var plan = await new PlanAuthor(session).CreateAsync(new() { Targets = [.. targets], Settings = new() { Strategy = RestartStrategy.Rolling, MaxConcurrent = 1 } }, Cancelled);
        PlanFile.Write(plan, PlanPath);
        return (shop, plan);
    }

    /// <summary>Carries the plan out in a process of its own, and kills that when it has begun with a workload.</summary>
    private async Task RunAndKillAsync()
    {
        using var runner = Start("run");
        await JournalSaysAsync(RunEvent.Started, runner);
        runner.Kill();
        await runner.WaitForExitAsync(Cancelled);
    }

    private static async Task JournalSaysAsync(RunEvent happened, Process runner, string journal)
    {
        var began = Stopwatch.GetTimestamp();
        while (!JournalReader.Read(journal).Entries.Any(entry => entry.Event == happened))
        {
            Assert.False(runner.HasExited, "it has ended");
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), "it has not begun");
            await Task.Delay(20, Cancelled);
        }
    }

    private Task JournalSaysAsync(RunEvent happened, Process runner) => JournalSaysAsync(happened, runner, JournalPath);

    /// <param name="command">run or resume.</param>
    /// <param name="withoutSignal">Whether a file that may not grow is an error to it, and not a signal that ends it: as on a disk that is full.</param>
    private Process Start(string command, bool withoutSignal = false)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(withoutSignal ? "sh" : dotnet) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in withoutSignal ? (string[])["-c", "trap '' XFSZ; exec \"$@\"", "sh", dotnet] : []) start.ArgumentList.Add(argument);
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "meshroll.dll"), command, PlanPath, "--kubeconfig", World.KubeConfigPath]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task<(int Code, string Text)> EndAsync(Process runner)
    {
        var (output, error) = (runner.StandardOutput.ReadToEndAsync(Cancelled), runner.StandardError.ReadToEndAsync(Cancelled));
        await runner.WaitForExitAsync(Cancelled);
        return (runner.ExitCode, $"{await output}{await error}");
    }

    private async Task EachRestartedOnceAsync(ScenarioNamespace shop, MeshRolloutPlan plan, int beginnings)
    {
        foreach (var workload in plan.Waves.SelectMany(wave => wave.Workloads)) Assert.Equal("2", Revision(await shop.AppAsync("deployments", workload.Name)));
        Assert.False(await HasLeaseAsync(shop, plan));
        var entries = JournalReader.Read(JournalPath).Entries;
        Assert.Equal(entries.Select((_, i) => i + 1L), entries.Select(entry => entry.Number));
        Assert.Equal(beginnings, entries.Count(entry => entry.Event == RunEvent.Begun));
        Assert.Equal(RunEvent.Completed, entries[^1].Event);
    }

    private static async Task<bool> HasLeaseAsync(ScenarioNamespace shop, MeshRolloutPlan plan) =>
        (await shop.Api.ListAsync(ObjectPath.Collection("coordination.k8s.io/v1", "leases", shop.Name), cancellation: Cancelled)).Items.Any(lease => ((string)lease["metadata"]!["name"]!).Contains(plan.Id, StringComparison.Ordinal));

    private static string? Revision(JsonNode deployment) => (string?)deployment["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"];
}
