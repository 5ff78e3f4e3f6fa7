using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Permissions;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class LeastRoleOnARealControlPlane(RealWorld world) : LeastRoleScenarios(world);

public sealed class LeastRoleInTheSandbox(EmbeddedWorld world) : LeastRoleScenarios(world);

/// <summary>A user who has exactly the printed role. In PowerShell's tests every command is tried so, in the sandbox; here the main ones, with a real authorizer.</summary>
public abstract class LeastRoleScenarios(ClusterWorld world) : Scenario(world)
{
    [Fact]
    public async Task Finding_restarting_and_following_work_with_the_role_that_is_printed_for_them()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "least");
        await shop.CreateAsync((shop.Workload("web") with { Replicas = 2 }).AsDeployment(), shop.Workload("db").AsStatefulSet(), shop.Workload("agent").AsDaemonSet());
        await shop.SwitchToNewRevisionAsync();
        var user = World.CreateUser(shop.Name);
        var query = new PermissionQuery { Cmdlets = ["Get-MeshWorkload", "Start-MeshRolloutRestart", "Wait-MeshRollout"], Namespaces = [shop.Name], Features = ["Evict", "Surge", "Nodes", "Diagnosis"] };
        await using var session = Open(user.KubeConfigPath);

        Assert.DoesNotContain(await RightsAsync(session, query), right => right is { Needed: true, Allowed: not false, Group: not "authorization.k8s.io" });
        await GrantAsync(query, user);
        Assert.All(await RightsAsync(session, query), right => Assert.True(!right.Needed || right.Allowed == true, $"{right.Cmdlet}: {right.Reason}"));

        var workloads = await WorkloadsAsync(session, shop.Name, outdatedOnly: true);
        Assert.Equal(["agent", "db", "web"], workloads.Select(workload => workload.Name).Order(StringComparer.Ordinal));
        Assert.All(workloads, workload => Assert.Equal(ClusterWorld.NewVersion, workload.DesiredVersion));

        foreach (var (name, strategy) in new[] { ("web", RestartStrategy.Surge), ("db", RestartStrategy.Rolling), ("agent", RestartStrategy.Rolling) })
        {
            var events = await RestartAsync(session, [Target(workloads.Single(workload => workload.Name == name))], new() { Strategy = strategy, AllowDowntime = true });
            Assert.All(Ended(events), rollout => Assert.True(rollout.State == RolloutState.Complete, $"{rollout.Name}: {rollout.Message}"));
            Assert.DoesNotContain(events, step => step is RestartEvent.Remark(var text) && text.Contains("no right", StringComparison.Ordinal));
            Assert.Single(Ended(events));
        }
        Assert.All((await shop.SidecarVersionsAsync()).SelectMany(versions => versions), version => Assert.Equal(ClusterWorld.NewVersion, version));
    }

    [Fact]
    public async Task A_role_for_reading_reads_and_changes_nothing()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "reader");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        await shop.SwitchToNewRevisionAsync();
        var user = World.CreateUser(shop.Name);
        await GrantAsync(new() { Cmdlets = ["Get-MeshSidecarVersion", "Get-MeshWorkload"], Namespaces = [shop.Name] }, user);
        await using var session = Open(user.KubeConfigPath);

        Assert.True(Assert.Single(await SidecarsAsync(session, shop.Name)).Outdated);
        var missing = (await RightsAsync(session, new() { Cmdlets = ["Start-MeshRolloutRestart"], Namespaces = [shop.Name] })).Where(right => right is { Needed: true, Allowed: false }).ToList();
        Assert.Contains(missing, right => right.Name == "patch deployments.apps" && right.Namespace == shop.Name);
        Assert.DoesNotContain(missing, right => right.Name == "list pods");
    }

    [Fact]
    public async Task The_role_for_all_namespaces_reads_all_of_them()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "everywhere");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        var user = World.CreateUser(shop.Name);
        await GrantAsync(new() { Cmdlets = ["Get-MeshSidecarVersion"], AllNamespaces = true }, user);
        await using var session = Open(user.KubeConfigPath);

        var found = new List<MeshSidecar>();
        await foreach (var item in new SidecarInventory(session).ReadSidecarsAsync(new() { Selection = new() { AllNamespaces = true } }, Cancelled))
        {
            if (item is ReadEvent<MeshSidecar>.Found(var sidecar)) found.Add(sidecar);
            Assert.False(item is ReadEvent<MeshSidecar>.Failed or ReadEvent<MeshSidecar>.Remark, item.ToString());
        }
        Assert.Contains(found, sidecar => sidecar.Namespace == shop.Name && sidecar.Outdated == false);
    }

    /// <summary>As an administrator does it: print, and apply with kubectl.</summary>
    private async Task GrantAsync(PermissionQuery query, NewUser user)
    {
        await using var admin = Open();
        var (yaml, remarks) = await new PermissionReader(admin).WriteRolesAsync(query, $"least-{user.Name}", new("User", user.Name), Cancelled);
        Assert.Empty(remarks);
        var file = Path.Combine(Path.GetTempPath(), $"meshroll-{Guid.NewGuid():n}.yaml");
        try
        {
            await File.WriteAllTextAsync(file, yaml, Cancelled);
            var applied = await World.KubectlAsync(["apply", "-f", file], Cancelled);
            Assert.True(applied.ExitCode == 0, applied.Error);
        }
        finally
        {
            File.Delete(file);
        }
        // A real authorizer hears of roles by watches, a moment later. What is missing after that is for the scenario to say.
        await using var session = Open(user.KubeConfigPath);
        for (var looks = 0; looks < 50 && (await RightsAsync(session, query)).Exists(right => right is { Needed: true, Allowed: not true }); looks++) await Task.Delay(100, Cancelled);
    }

    private static async Task<List<MeshPermission>> RightsAsync(ClusterSession session, PermissionQuery query)
    {
        var rights = new List<MeshPermission>();
        await foreach (var item in new PermissionReader(session).ReadAsync(query, Cancelled))
        {
            if (item is ReadEvent<MeshPermission>.Found(var right)) rights.Add(right);
        }
        Assert.NotEmpty(rights);
        return rights;
    }
}
