using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.ControlPlane.Namespaces;
using MeshRoll.Core.Migration;
using MeshRoll.Core.Migration.Usage;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.TestControlPlane.Observation;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class OldAndNewIstioOnARealControlPlane() : OldAndNewIstioScenarios(new RealWorld { OldOnly = true });

public sealed class OldAndNewIstioInTheSandbox() : OldAndNewIstioScenarios(new EmbeddedWorld { OldOnly = true });

/// <summary>
/// Two versions of Istio side by side and no tenant notices: the new one is installed beside the old, the injector is switched by service name, releases move
/// pods, a window moves the rest, it is rolled back half-way and taken forward again, and the old one goes last. In a world of its own, as it ends without the old one.
/// </summary>
public abstract class OldAndNewIstioScenarios(ClusterWorld world) : Scenario(world), IAsyncLifetime
{
    private const string Old = "default";
    private const string New = ClusterWorld.NewRevision;

    private readonly string _backups = Directory.CreateTempSubdirectory("meshroll-backups-").FullName;

    public ValueTask InitializeAsync() => ((IAsyncLifetime)World).InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)World).DisposeAsync();
        Directory.Delete(_backups, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_mesh_moves_back_and_forward_without_a_pod_injected_twice_or_refused_and_the_old_version_may_go_only_at_the_end()
    {
        var one = await ScenarioNamespace.CreateAsync(World, "tenant");
        var two = await ScenarioNamespace.CreateAsync(World, "tenant");
        await one.CreateAsync((one.Workload("web") with { Replicas = 2 }).AsDeployment(), one.Workload("cart").AsDeployment());
        await two.CreateAsync((two.Workload("db") with { Replicas = 2 }).AsStatefulSet(), two.Workload("api").AsDeployment());
        await using var session = Open();
        await using var watcher = await InjectionWatcher.StartAsync(World.Api, [one.Name, two.Name], Cancelled);
        await using var floorOne = await one.WatchReadyFloorAsync();
        await using var floorTwo = await two.WatchReadyFloorAsync();

        // The new version beside the old one changes nothing for anybody.
        await World.InstallNewAsync(Cancelled);
        var planes = await PlanesAsync(session);
        Assert.Equal([New, Old], planes.Select(plane => plane.Revision));
        Assert.All(planes, plane => Assert.True(plane.Health == ControlPlaneHealth.Healthy, $"{plane.Revision}: {plane.Health} {plane.Reason}"));
        Assert.Equal([one.Name, two.Name], planes[1].Namespaces!.Order(StringComparer.Ordinal));
        Assert.Equal((0, 6), (planes[0].Pods, planes[1].Pods));
        Assert.Empty(planes[0].Namespaces!);
        var migration = await MigrationAsync(session, Old, New);
        Assert.Equal((0, 6, 6), (migration.Moved, migration.Left, migration.NotSwitched));
        Assert.Contains(await UsageAsync(session, Old), use => use is { Use: RevisionUse.Pod, Blocking: true });
        await MayGoNowAsync(session, New);

        // Switched: whoever comes from now on is of the new version, nobody is moved by it.
        await SwitchAsync(session, New);
        migration = await MigrationAsync(session, Old, New);
        Assert.Equal((0, 6, 0), (migration.Moved, migration.Left, migration.NotSwitched));
        Assert.All(await NamespacesAsync(session), found => Assert.Equal((New, true, 0), (found.Revision, found.Outdated > 0, found.Conflicts.Count)));

        // An ordinary release moves its own pods.
        await ReleaseAsync(session, one, "web");
        migration = await MigrationAsync(session, Old, New);
        Assert.Equal((2, 4, 1, 3), (migration.Moved, migration.Left, migration.WorkloadsMoved, migration.WorkloadsLeft));
        Assert.Contains(await UsageAsync(session, Old), use => use is { Use: RevisionUse.Pod, Blocking: true });

        // Half-way back: the injector, then what had moved.
        await SwitchAsync(session, Old);
        await RestartWhatIsLeftAsync(session, New, Old);
        migration = await MigrationAsync(session, New, Old);
        Assert.True(migration is { Complete: true, Moved: 6, Percent: 100 }, migration.Message);
        await DisconnectedAsync(session, New);
        await MayGoNowAsync(session, New);

        // Forward again: a release, then a window for the rest.
        await SwitchAsync(session, New);
        await ReleaseAsync(session, two, "api");
        await RestartWhatIsLeftAsync(session, Old, New);
        await foreach (var happened in new MigrationWait(session).RunAsync(new() { From = Old, To = New }, new() { Timeout = TimeSpan.FromSeconds(30), PollInterval = TimeSpan.FromSeconds(1) }, Cancelled))
        {
            if (happened is MigrationWaitEvent.Ended ended) Assert.True(ended.Reached, ended.Total?.Message);
        }

        // All have moved, and yet: the webhook that injects the new version belongs to the old installation.
        await DisconnectedAsync(session, Old);
        var blocking = (await UsageAsync(session, Old)).Where(use => use.Blocking != false).ToList();
        Assert.True(blocking is [{ Use: RevisionUse.Webhook, Name: "istio-sidecar-injector" }], string.Join("; ", blocking.Select(use => $"{use.Use} {use.Message}")));
        var backup = await new InjectorEngine(session).BackupAsync(["istio-sidecar-injector"], new() { BackupPath = _backups }, Cancelled);
        await MayGoNowAsync(session, Old, backup!.Path);

        // Nobody was refused, injected twice or left without a sidecar up to here; uninstalling takes the webhook away, as everybody was told.
        Assert.True(watcher.Probes > 20 && watcher.Changes >= 3, $"{watcher.Probes} probes, {watcher.Changes} changes");
        Assert.Empty(watcher.Wrongs);
        await World.UninstallOldAsync(Cancelled);
        await new InjectorEngine(session).RestoreAsync(backup.Path, force: false, new() { BackupPath = _backups }, Cancelled);
        Assert.DoesNotContain(watcher.Wrongs, wrong => wrong.Contains("could not be created", StringComparison.Ordinal) || wrong.Contains("matched by", StringComparison.Ordinal));

        await ReleaseAsync(session, one, "cart");
        Assert.All(await one.SidecarVersionsAsync(), workload => Assert.All(workload, version => Assert.Equal(ClusterWorld.NewVersion, version)));
        var remaining = Assert.Single(await PlanesAsync(session), plane => plane.Health != ControlPlaneHealth.Down);
        Assert.Equal((New, 6), (remaining.Revision, remaining.Pods));
        Assert.Equal((2, 1), (floorOne.FloorOf("web"), floorOne.FloorOf("cart")));
        Assert.Equal((1, 1), (floorTwo.FloorOf("db"), floorTwo.FloorOf("api")));
    }

    private async Task SwitchAsync(ClusterSession session, string revision)
    {
        var change = await new InjectorEngine(session).SwitchAsync(new() { To = revision }, new() { BackupPath = _backups }, Cancelled);
        Assert.True(change is { Way: SwitchWay.Service, Verified: true }, change?.Message);
        Assert.True(File.Exists(change!.BackupPath));
    }

    // A new image, as a tenant's pipeline brings it, followed to its end.
    private static async Task ReleaseAsync(ClusterSession session, ScenarioNamespace tenant, string deployment)
    {
        await tenant.PatchAppAsync("deployments", deployment, JsonNode.Parse("""{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"hub.example/app:2"}]}}}}""")!);
        var released = new MeshRollout { Cluster = session.Name, Namespace = tenant.Name, Kind = WorkloadKinds.Deployment, Name = deployment };
        Assert.All(await FollowAsync(session, [released]), rollout => Assert.True(rollout.State == RolloutState.Complete, rollout.Message));
        await tenant.ReadyAsync();
    }

    private static async Task RestartWhatIsLeftAsync(ClusterSession session, string from, string to)
    {
        List<MeshWorkload> left = [];
        await foreach (var happened in new MigrationReader(session).ReadLeftAsync(new() { From = from, To = to }, Cancelled)) left.Add(Assert.IsType<ReadEvent<MeshWorkload>.Found>(happened).Item);
        Assert.NotEmpty(left);
        var events = await RestartAsync(session, [.. left.Select(Target)], new() { Strategy = RestartStrategy.Auto });
        Assert.All(Ended(events), rollout => Assert.True(rollout.State == RolloutState.Complete, $"{rollout.Name}: {rollout.State} {rollout.Message}"));
    }

    private static async Task<MeshMigration> MigrationAsync(ClusterSession session, string from, string to)
    {
        List<MeshMigration> all = [];
        await foreach (var happened in new MigrationReader(session).ReadAsync(new() { From = from, To = to }, Cancelled)) all.Add(Assert.IsType<ReadEvent<MeshMigration>.Found>(happened).Item);
        Assert.Equal(all[..^1].Sum(row => row.Moved), all[^1].Moved);
        return all[^1];
    }

    private static async Task<List<MeshControlPlane>> PlanesAsync(ClusterSession session)
    {
        List<MeshControlPlane> all = [];
        await foreach (var happened in new ControlPlaneReader(session).ReadAsync(new(), Cancelled)) all.Add(Assert.IsType<ReadEvent<MeshControlPlane>.Found>(happened).Item);
        return all;
    }

    private static async Task<List<MeshNamespace>> NamespacesAsync(ClusterSession session)
    {
        List<MeshNamespace> all = [];
        await foreach (var happened in new NamespaceReader(session).ReadAsync(new(), Cancelled)) all.Add(Assert.IsType<ReadEvent<MeshNamespace>.Found>(happened).Item);
        return all;
    }

    private async Task<List<MeshRevisionUsage>> UsageAsync(ClusterSession session, string revision, params IReadOnlyList<string> backups)
    {
        List<MeshRevisionUsage> all = [];
        await foreach (var use in new RevisionUsageReader(session).ReadAsync(new() { Revision = revision, IgnoreProxyStatus = !World.ForwardsPorts, Backups = backups }, Cancelled)) all.Add(use);
        return all;
    }

    private async Task MayGoNowAsync(ClusterSession session, string revision, params IReadOnlyList<string> backups)
    {
        var standing = (await UsageAsync(session, revision, backups)).Where(use => use.Blocking != false).Select(use => $"{use.Use} {use.Message}");
        Assert.Equal("", string.Join("; ", standing));
    }

    // The pods that were replaced last take a moment to go, and their connections with them.
    private async Task DisconnectedAsync(ClusterSession session, string revision)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (!(await UsageAsync(session, revision)).Exists(use => use.Use is RevisionUse.ConnectedProxy or RevisionUse.Pod)) return;
            await Task.Delay(200, Cancelled);
        }
        Assert.Fail($"somebody stays on {revision}: {string.Join("; ", (await UsageAsync(session, revision)).Select(use => use.Message))}");
    }
}
