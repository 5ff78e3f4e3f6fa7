using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Gates;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Transport;
using MeshRoll.TestControlPlane.Api;
using MeshRoll.TestControlPlane.Kubelet;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class PlanRunsOnARealControlPlane(RealWorld world) : PlanRunScenarios(world);

public sealed class PlanRunsInTheSandbox(EmbeddedWorld world) : PlanRunScenarios(world);

/// <summary>Plans carried out from first to last, killed and taken up again, twice at once, outside of their windows, and past what others do meanwhile.</summary>
public abstract class PlanRunScenarios(ClusterWorld world) : Scenario(world), IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("meshroll-plan-");

    public void Dispose()
    {
        _files.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_plan_is_carried_out_wave_after_wave_and_the_journal_tells_it_all()
    {
        var shop = await ShopAsync("planrun", 5);
        await using var session = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [], CanaryCount = 2, CanarySoak = TimeSpan.FromSeconds(1) });

        var news = await RunAsync(session, plan, new() { Journal = File("a") });

        var run = Last(news);
        Assert.Equal((RunStatus.Completed, 5, 5), (run.Status, run.Workloads, run.Done));
        var entries = JournalReader.Read(File("a"));
        Assert.Empty(entries.Remarks);
        Assert.Equal(Recorded(news).Select(entry => entry.Number), entries.Entries.Select(entry => entry.Number));
        Assert.Equal(["canary", "all"], entries.Entries.Where(entry => entry.Event == RunEvent.WaveBegun).Select(entry => entry.Wave));
        var canaries = entries.Entries.Last(entry => entry is { Event: RunEvent.Ended, Wave: "canary" });
        Assert.True(entries.Entries.First(entry => entry is { Event: RunEvent.Starting, Wave: "all" }).Time - canaries.Time >= TimeSpan.FromSeconds(1));
        await EachRestartedOnceAsync(shop, 5);
        await NothingIsLeftAsync(shop, plan);
    }

    [Theory]
    [InlineData(RestartStrategy.Rolling)]
    [InlineData(RestartStrategy.Surge)]
    public async Task Killed_fifty_times_and_taken_up_again_every_workload_is_restarted_once(RestartStrategy strategy)
    {
        const int Kills = 50;
        var count = strategy == RestartStrategy.Rolling ? 60 : 18;
        var random = new Random(20261122);
        var shop = await ShopAsync($"plankilled-{strategy.ToString().ToLowerInvariant()}", count, waves: 6);
        await using var session = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [], GroupBy = WaveGrouping.Label, Label = "wave", Settings = new() { Strategy = strategy, MaxConcurrent = 3 } });
        Assert.Equal(6, plan.Waves.Count);

        var killed = 0;
        for (; killed < Kills && !await RunAndKillAsync(plan, random); killed++) { }
        var run = Last(await RunAsync(session, plan, new() { Journal = File("killed") }));

        Assert.True(killed >= (strategy == RestartStrategy.Rolling ? Kills : 15), $"it was killed {killed} times only");
        Assert.Equal((RunStatus.Completed, count, 0, 0), (run.Status, run.Done + run.Skipped, run.Failed, run.Left));
        var entries = JournalReader.Read(File("killed")).Entries;
        Assert.Equal(entries.Select((_, i) => i + 1L), entries.Select(entry => entry.Number));
        Assert.Equal(plan.Waves.Select(wave => wave.Name), entries.Where(entry => entry.Event == RunEvent.WaveEnded).Select(entry => entry.Wave));
        if (strategy == RestartStrategy.Rolling) await EachRestartedOnceAsync(shop, count);
        Assert.All((await shop.SidecarVersionsAsync()).SelectMany(versions => versions), version => Assert.Equal(ClusterWorld.NewVersion, version));
        await NothingIsLeftAsync(shop, plan);
    }

    [Fact]
    public async Task Without_its_journal_a_plan_goes_on_by_what_the_cluster_says()
    {
        var shop = await ShopAsync("planlost", 6);
        await using var session = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [], Settings = new() { MaxConcurrent = 1 } });
        var random = new Random(1);
        for (var i = 0; i < 6; i++)
        {
            await RunAndKillAsync(plan, random, $"lost{i}");
        }

        var run = Last(await RunAsync(session, plan, new() { Journal = File("found") }));

        Assert.Equal((RunStatus.Completed, 6), (run.Status, run.Done + run.Skipped));
        await EachRestartedOnceAsync(shop, 6);
        await NothingIsLeftAsync(shop, plan);
    }

    [Fact]
    public async Task Of_two_runners_one_works_and_the_other_waits_and_says_why()
    {
        var shop = await ShopAsync("plantwo", 6);
        await using var session = Open();
        await using var other = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [], Settings = new() { MaxConcurrent = 2 } });

        var both = await Task.WhenAll(RunAsync(session, plan, new() { Journal = File("one") }), RunAsync(other, plan, new() { Journal = File("two") }));

        var waited = Assert.Single(both, news => news.OfType<RunNews.Remark>().Any(remark => remark.Text.Contains("carries out the plan", StringComparison.Ordinal)));
        var worked = Assert.Single(both, news => news != waited);
        Assert.Equal((RunStatus.Completed, 6), (Last(worked).Status, Last(worked).Done));
        Assert.Equal((RunStatus.Completed, 6), (Last(waited).Status, Last(waited).Skipped));
        Assert.True(Recorded(waited)[0].Time >= Recorded(worked)[^1].Time);
        await EachRestartedOnceAsync(shop, 6);
        await NothingIsLeftAsync(shop, plan);
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_is_told_who_is_at_it()
    {
        var shop = await ShopAsync("plantaken", 2);
        await using var session = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [] });
        var holder = await World.Api.CreateAsync(ObjectPath.Collection("coordination.k8s.io/v1", "leases", shop.Name), new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = $"meshroll-plan-{plan.Id}" },
            ["spec"] = new JsonObject { ["holderIdentity"] = "ann@build-7/4711/x", ["leaseDurationSeconds"] = 60, ["renewTime"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture) },
        }, Cancelled);
        Assert.NotNull(holder);

        var error = await Assert.ThrowsAsync<PlanTakenException>(() => RunAsync(session, plan, new() { Journal = File("taken"), WaitsForLease = false }));

        Assert.Contains("ann@build-7/4711/x", error.Message, StringComparison.Ordinal);
        Assert.All((await shop.SidecarVersionsAsync()).SelectMany(versions => versions), version => Assert.Equal(ClusterWorld.OldVersion, version));
    }

    [Fact]
    public async Task What_somebody_else_restarts_or_scales_meanwhile_is_left_to_them()
    {
        var shop = await ShopAsync("planedits", 4);
        await using var session = Open();
        // Slow enough that the last two are touched by somebody else before it is their turn.
        var plan = await PlanAsync(session, shop, new() { Targets = [], Settings = new() { MaxConcurrent = 1, Delay = TimeSpan.FromSeconds(3) } });
        var touched = false;

        var run = Last(await RunAsync(session, plan, new() { Journal = File("edits") }, async entry =>
        {
            if (entry.Event != RunEvent.Started || touched) return;
            touched = true;
            await shop.PatchAppAsync("deployments", "web-3", JsonNode.Parse("""{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-11-22T03:00:00Z"}}}}}""")!);
            await shop.PatchAppAsync("deployments", "web-4", JsonNode.Parse("""{"spec":{"replicas":2}}""")!);
        }));

        Assert.Equal((RunStatus.Completed, 2, 2), (run.Status, run.Done, run.Left));
        var left = run.Details.Where(workload => workload.State == RunWorkloadState.LeftAlone).ToDictionary(workload => workload.Workload.Name, workload => workload.Message);
        Assert.StartsWith("was restarted by somebody else during the run (2026-11-22 03:00:00Z)", left["web-3"], StringComparison.Ordinal);
        Assert.Equal("was scaled from 1 to 2 by somebody else during the run", left["web-4"]);
        Assert.Equal("2026-11-22T03:00:00Z", (string)(await shop.AppAsync("deployments", "web-3"))["spec"]!["template"]!["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"]!);
        Assert.Contains(ClusterWorld.OldVersion, (await shop.SidecarVersionsAsync())["web-4"]);
    }

    [Fact]
    public async Task A_window_that_closes_in_the_middle_is_waited_out_also_when_the_clock_is_set()
    {
        var shop = await ShopAsync("planwindow", 3);
        var clock = new ShiftedClock();
        clock.Set(new(2026, 11, 23, 22, 59, 57, TimeSpan.Zero));
        await using var session = new ClusterSession(KubeConfig.Load(World.KubeConfigPath).Resolve(), new TransportOptions { TimeProvider = clock });
        var plan = await PlanAsync(session, shop, new() { Targets = [], Settings = new() { MaxConcurrent = 1, Delay = TimeSpan.FromSeconds(4) }, Windows = [MaintenanceWindow.Parse("Mon-Fri 23:00-24:00 Europe/Berlin")] });

        var run = Last(await RunAsync(session, plan, new() { Journal = File("window") }, entry =>
        {
            // The machine sleeps until the next evening; its clock is right again afterwards.
            if (entry.Event == RunEvent.Paused) clock.Set(new(2026, 11, 24, 22, 30, 0, TimeSpan.Zero));
            return Task.CompletedTask;
        }));

        Assert.Equal((RunStatus.Completed, 3), (run.Status, run.Done));
        var entries = JournalReader.Read(File("window")).Entries;
        var paused = Assert.Single(entries, entry => entry.Event == RunEvent.Paused);
        Assert.Equal("outside of its window Mon-Fri 23:00-24:00 Europe/Berlin; opens Tue 2026-11-24 23:00 Europe/Berlin", paused.Message);
        Assert.All(entries.Where(entry => entry.Event == RunEvent.Starting), entry => Assert.True(plan.Windows[0].IsOpen(entry.Time), $"{entry.Workload} at {entry.Time}"));
        await EachRestartedOnceAsync(shop, 3);
    }

    [Fact]
    public async Task A_wave_with_windows_of_its_own_waits_for_those_and_the_others_for_the_plans()
    {
        var shop = await ShopAsync("planwaves", 3);
        var clock = new ShiftedClock();
        clock.Set(new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        await using var session = new ClusterSession(KubeConfig.Load(World.KubeConfigPath).Resolve(), new TransportOptions { TimeProvider = clock });
        var plan = await PlanAsync(session, shop, new() { Targets = [], CanaryCount = 1, CanaryWindows = [MaintenanceWindow.Parse("Mon-Fri 10:00-11:00 UTC")], Windows = [MaintenanceWindow.Parse("Mon-Fri 22:00-23:00 UTC")] });

        List<string?> because = [];
        var run = Last(await RunAsync(session, plan, new() { Journal = File("waves") }, entry =>
        {
            if (entry.Event != RunEvent.Paused) return Task.CompletedTask;
            because.Add(entry.Message);
            clock.Set(new(2026, 11, 23, because.Count == 1 ? 10 : 22, 30, 0, TimeSpan.Zero));
            return Task.CompletedTask;
        }));

        Assert.Equal((RunStatus.Completed, 3), (run.Status, run.Done));
        Assert.Equal(["outside of its window Mon-Fri 10:00-11:00 UTC; opens Mon 2026-11-23 10:00 UTC", "outside of its window Mon-Fri 22:00-23:00 UTC; opens Mon 2026-11-23 22:00 UTC"], because);
        Assert.Equal([10, 22, 22], JournalReader.Read(File("waves")).Entries.Where(entry => entry.Event == RunEvent.Starting).Select(entry => entry.Time.Hour));
        await EachRestartedOnceAsync(shop, 3);
    }

    [Fact]
    public async Task A_gate_that_stays_closed_or_says_nothing_stops_the_run_and_one_that_opens_lets_it_go_on()
    {
        var shop = await ShopAsync("plangate", 3);
        await using var session = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [], CanaryCount = 1 });
        var gate = new Gate { Opens = 3 };

        var stopped = Last(await RunAsync(session, plan, new() { Journal = File("gate"), Gate = new Gate { Opens = int.MaxValue }, GateInterval = TimeSpan.FromMilliseconds(100), GateTimeout = TimeSpan.FromSeconds(1) }));
        var silent = Last(await RunAsync(session, plan, new() { Journal = File("gate"), Gate = new SilentGate(), GateTimeout = TimeSpan.FromSeconds(1) }));
        var run = Last(await RunAsync(session, plan, new() { Journal = File("gate"), Gate = gate, GateInterval = TimeSpan.FromMilliseconds(100) }));

        Assert.Equal((RunStatus.Stopped, 1), (stopped.Status, stopped.Done));
        Assert.StartsWith("the gate before the wave 'all' stayed closed for 1 s: errors: 2 %", stopped.Message, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Stopped, 1), (silent.Status, silent.Done));
        Assert.StartsWith("the gate before the wave 'all' stayed closed for 1 s: the gate did not answer in time", silent.Message, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Completed, 3, 3), (run.Status, run.Done, gate.Asked));
        await EachRestartedOnceAsync(shop, 3);
    }

    [Fact]
    public async Task A_run_is_suspended_resumed_and_stopped_from_elsewhere()
    {
        var shop = await ShopAsync("planwish", 4);
        await using var session = Open();
        await using var elsewhere = Open();
        var control = new RunControl(elsewhere);
        var plan = await PlanAsync(session, shop, new() { Targets = [], Settings = new() { MaxConcurrent = 1, Delay = TimeSpan.FromSeconds(12) } });
        Assert.False(await control.SuspendAsync(plan, Cancelled));
        var asked = false;

        var run = Last(await RunAsync(session, plan, new() { Journal = File("wish") }, async entry =>
        {
            if (entry.Event == RunEvent.Ended && !asked) Assert.True(asked = await control.SuspendAsync(plan, Cancelled));
            if (entry.Event == RunEvent.Suspended) Assert.True(await control.ResumeAsync(plan, Cancelled));
            if (entry.Event == RunEvent.Resumed) Assert.True(await control.StopAsync(plan, Cancelled));
        }));

        Assert.Equal(RunStatus.Stopped, run.Status);
        Assert.InRange(run.Done, 1, 3);
        Assert.StartsWith("stopped by ", run.Message, StringComparison.Ordinal);
        await NothingIsLeftAsync(shop, plan);
        var rest = Last(await RunAsync(session, plan with { Settings = new() }, new() { Journal = File("wish") }));
        Assert.Equal((RunStatus.Completed, 4), (rest.Status, rest.Done));
        await EachRestartedOnceAsync(shop, 4);
    }

    [Fact]
    public async Task Without_a_place_for_the_journal_nothing_is_started()
    {
        var shop = await ShopAsync("plannojournal", 2);
        await using var session = Open();
        var plan = await PlanAsync(session, shop, new() { Targets = [] });

        await Assert.ThrowsAsync<JournalException>(() => RunAsync(session, plan, new() { Journal = Path.Combine(_files.FullName, "no", "such", "place") }));

        Assert.All((await shop.SidecarVersionsAsync()).SelectMany(versions => versions), version => Assert.Equal(ClusterWorld.OldVersion, version));
        await NothingIsLeftAsync(shop, plan);
    }

    private string File(string name) => Path.Combine(_files.FullName, $"{name}.jsonl");

    private async Task<ScenarioNamespace> ShopAsync(string name, int count, int waves = 1)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, name);
        await shop.CreateAsync([.. Enumerable.Range(1, count).Select(number =>
        {
            var deployment = (shop.Workload($"web-{number}") with { Replicas = 1, PodAnnotations = new Dictionary<string, string> { [PodFaults.ReadyAfterAnnotation] = "200ms" } }).AsDeployment();
            var metadata = deployment["metadata"]!.AsObject();
            metadata["labels"] ??= new JsonObject();
            metadata["labels"]!["wave"] = $"{number % waves}";
            return deployment;
        })]);
        await shop.ReadyAsync();
        await shop.SwitchToNewRevisionAsync();
        return shop;
    }

    private static async Task<MeshRolloutPlan> PlanAsync(ClusterSession session, ScenarioNamespace shop, PlanRequest request) =>
        await new PlanAuthor(session).CreateAsync(request with { Targets = [.. (await WorkloadsAsync(session, shop.Name, outdatedOnly: true)).Select(workload => new PlanTarget(Target(workload), workload.Versions))] }, Cancelled);

    private static async Task<List<RunNews>> RunAsync(ClusterSession session, MeshRolloutPlan plan, PlanRunOptions options, Func<RunEntry, Task>? beside = null)
    {
        List<RunNews> all = [];
        await foreach (var news in new PlanRunner(session).RunAsync(plan, options, Cancelled))
        {
            all.Add(news);
            if (beside is not null && news is RunNews.Recorded { Entry: var entry }) await beside(entry);
        }
        return all;
    }

    /// <summary>Takes the plan up on a machine of its own and kills that after a few entries: no word of it reaches the cluster any more, and the journal ends where it was, or in the middle of a line. True when it had ended before.</summary>
    private async Task<bool> RunAndKillAsync(MeshRolloutPlan plan, Random random, string journal = "killed")
    {
        var (after, wait, cut) = (random.Next(1, 4), random.Next(0, 100), random.Next(0, 3) == 0 ? random.Next(0, 30) : 0);
        await using var wire = new CuttableWire(World.Server);
        var kubeConfig = wire.WriteKubeConfig(World);
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        // A dead machine does not try again.
        await using var session = new ClusterSession(KubeConfig.Load(kubeConfig).Resolve(), new TransportOptions { MaxRetries = 0 });
        byte[]? left = null;
        try
        {
            await foreach (var news in new PlanRunner(session).RunAsync(plan, new() { Journal = File(journal) }, killed.Token))
            {
                if (left is not null || news is not RunNews.Recorded { Entry: var entry }) continue;
                if (entry.Event == RunEvent.Completed) return true;
                if (entry.Event == RunEvent.Known || --after > 0) continue;
                await Task.Delay(wait, Cancelled);
                await wire.DisposeAsync();
                left = await ReadAsync(File(journal));
                await killed.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (left is not null)
        {
            // Dead.
        }
        finally
        {
            System.IO.File.Delete(kubeConfig);
        }
        if (left is null) return true;
        // What a dead process does not write. What it wrote durably stays: only a line that was on its way may be cut.
        await System.IO.File.WriteAllBytesAsync(File(journal), left, Cancelled);
        if (cut > 0) await System.IO.File.AppendAllTextAsync(File(journal), """{"v":1,"n":4711,"time":"2026-11-22T0"""[..cut], Cancelled);
        return false;
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var content = new MemoryStream();
        await file.CopyToAsync(content, Cancelled);
        return content.ToArray();
    }

    private static List<RunEntry> Recorded(List<RunNews> news) => [.. news.OfType<RunNews.Recorded>().Select(recorded => recorded.Entry)];

    private static MeshRolloutRun Last(List<RunNews> news) => news.OfType<RunNews.Recorded>().Last().Run;

    /// <summary>By the server's own count of templates.</summary>
    private static async Task EachRestartedOnceAsync(ScenarioNamespace shop, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var found = await shop.AppAsync("deployments", $"web-{number}");
            Assert.Equal("2", (string?)found["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"]);
            Assert.Equal(1, (int)found["spec"]!["replicas"]!);
        }
    }

    private static async Task NothingIsLeftAsync(ScenarioNamespace shop, MeshRolloutPlan plan)
    {
        var leases = await shop.Api.ListAsync(ObjectPath.Collection("coordination.k8s.io/v1", "leases", shop.Name), cancellation: Cancelled);
        Assert.DoesNotContain(leases.Items, lease => ((string)lease["metadata"]!["name"]!).Contains(plan.Id, StringComparison.Ordinal));
        foreach (var workload in plan.Waves.SelectMany(wave => wave.Workloads))
        {
            var found = await shop.AppAsync("deployments", workload.Name);
            Assert.Null(found["metadata"]!["labels"]?[RestartMark.Key]);
            Assert.Null(found["metadata"]!["annotations"]?[RestartMark.Key]);
        }
    }

    /// <summary>Opens when it was asked so often.</summary>
    private sealed class Gate : IRunGate
    {
        public int Opens { get; init; }

        public int Asked { get; private set; }

        public Task<GateAnswer> AskAsync(GateQuestion question, CancellationToken cancellationToken) => Task.FromResult(new GateAnswer(++Asked >= Opens, Asked >= Opens ? "errors: 0 %" : "errors: 2 %"));
    }

    /// <summary>One that neither answers nor listens.</summary>
    private sealed class SilentGate : IRunGate
    {
        public Task<GateAnswer> AskAsync(GateQuestion question, CancellationToken cancellationToken) => new TaskCompletionSource<GateAnswer>().Task;
    }
}
