using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Observing;
using MeshRoll.Sandbox.Tests.Controllers.World;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Worlds.Building;

namespace MeshRoll.Sandbox.Tests.Observing;

public sealed class TimelineOfControllersTests
{
    private readonly ControllerWorld _world = new();

    public static TheoryData<WorldWorkloadKind> Kinds => [WorldWorkloadKind.Deployment, WorldWorkloadKind.StatefulSet];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_restart_is_seen_from_its_first_pod_to_its_last(WorldWorkloadKind kind)
    {
        var resource = WorkloadManifest.ResourceOf(kind);
        var timeline = Begin(new WorldWorkload { Kind = kind, Name = "web", Replicas = 3 });

        _world.Cluster.Change(_world.Get(resource, "web"), json => json.Object("spec", "template", "metadata", "annotations")["restarted"] = "now");
        _world.Settle();

        var entries = timeline.Read(name: "web");
        Assert.Equal((3, 3, 0, 3, 0), Numbers(entries[0]));
        Assert.Equal((3, 3, 0, 3, 0), Numbers(entries[^1]));
        Assert.Contains(entries, entry => entry is { Old: 3, New: 0 });
        Assert.Contains(entries, entry => entry is { Old: 1, New: >= 1 });
        Assert.All(entries, entry => Assert.True(entry.Ready >= 2 && entry.Ready <= entry.Old + entry.New, entry.ToString()));
        Assert.Equal(entries.Select(entry => entry.Time).Order(), entries.Select(entry => entry.Time));
    }

    [Fact]
    public void Recreate_leaves_a_moment_without_any_pod()
    {
        var timeline = Begin(new WorldWorkload { Name = "web", Replicas = 2, Strategy = "Recreate" });

        _world.Cluster.Change(_world.Get(ApiResources.Deployments, "web"), json => json.Object("spec", "template", "metadata", "annotations")["restarted"] = "now");
        _world.Settle();

        Assert.Equal(0, timeline.Read().Min(entry => entry.Ready));
        Assert.Equal((2, 2, 0, 2, 0), Numbers(timeline.Read()[^1]));
    }

    [Fact]
    public void A_workload_that_was_deleted_leaves_its_entries()
    {
        var timeline = Begin(new WorldWorkload { Name = "web", Replicas = 2 });

        _world.Cluster.Change(_world.Get(ApiResources.Deployments, "web"), json => json.Object("spec")["replicas"] = 0);
        _world.Settle();
        _world.Cluster.Delete(_world.Get(ApiResources.Deployments, "web"));
        _world.Settle();

        Assert.Equal([(2, 2, 0, 2, 0), (0, 0, 0, 0, 0)], ((SandboxTimelineEntry[])[timeline.Read()[0], timeline.Read()[^1]]).Select(Numbers));
    }

    private static (int, int, int, int, int) Numbers(SandboxTimelineEntry entry) => (entry.Desired, entry.Ready, entry.Old, entry.New, entry.Terminating);

    private Timeline Begin(WorldWorkload workload)
    {
        JsonObject manifest = WorkloadManifest.Of(workload, ControllerWorld.Home, WorldMeshKind.Istio);
        _world.Create(WorkloadManifest.ResourceOf(workload.Kind), manifest);
        _world.Settle();
        return new(_world.Cluster);
    }
}
