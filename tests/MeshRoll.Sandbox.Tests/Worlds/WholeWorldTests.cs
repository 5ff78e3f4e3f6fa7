using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Mesh;
using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Observing;
using MeshRoll.Sandbox.Running;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Worlds.Building;

namespace MeshRoll.Sandbox.Tests.Worlds;

/// <summary>Worlds with everything that takes part in them: controllers, nodes, mesh.</summary>
public sealed class WholeWorldTests
{
    private static readonly DateTimeOffset Present = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly Cluster _cluster = new(new Simulation(new SimulationOptions()));

    public static TheoryData<string> Names => ["Shop", "Minimal", "Empty"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_pods_of_a_built_in_world_run_ready_and_injected_as_its_data_say(string name)
    {
        var world = Build(BuiltInWorlds.Find(name));

        foreach (var home in world.Namespaces)
        {
            foreach (var workload in home.Workloads)
            {
                var pods = PodsOf(home.Name, workload.Name);
                var expected = SidecarOrigin.Of(world.Mesh, home, workload).Version ?? "none";
                var count = workload.Kind == WorldWorkloadKind.DaemonSet ? world.Nodes.Count : workload.Replicas;

                Assert.Equal((workload.Name, count), (workload.Name, pods.Count));
                Assert.All(pods, pod => Assert.Equal((workload.Name, expected, true), (workload.Name, VersionOf(pod), pod.As<PodView>().IsReady)));
                Assert.All(pods, pod => Assert.InRange(Present - pod.As<PodView>().Created, workload.Age - TimeSpan.FromMinutes(30), workload.Age));
            }
        }
        Assert.Empty(_cluster.Store.List(ApiResources.Events));
        Assert.Equal(Present, _cluster.Now);
    }

    [Fact]
    public void New_pods_of_the_Shop_get_what_its_namespaces_give_today()
    {
        var world = Build(BuiltInWorlds.Find("Shop"));

        foreach (var (home, name) in ((string, string)[])[("shop", "web"), ("payments", "gateway"), ("payments", "bank-link")]) Restart(home, name);

        foreach (var (home, name) in ((string, string)[])[("shop", "web"), ("payments", "gateway"), ("payments", "bank-link")])
            Assert.All(PodsOf(home, name), pod => Assert.Equal((name, "1.27.1"), (name, VersionOf(pod))));
        Assert.Equal("1.26.4", VersionOf(PodsOf("shop", "cart")[0]));
        Assert.NotNull(world.Mesh);
    }

    [Fact]
    public void What_is_paused_or_waits_for_a_hand_stays_on_the_old_sidecar()
    {
        Build(BuiltInWorlds.Find("Shop"));

        Restart("payments", "fraud-check");
        Restart("shop", "orders-db", ApiResources.StatefulSets);

        Assert.All(PodsOf("payments", "fraud-check"), pod => Assert.Equal("1.26.4", VersionOf(pod)));
        Assert.All(PodsOf("shop", "orders-db"), pod => Assert.Equal("1.26.4", VersionOf(pod)));
    }

    [Fact]
    public void The_roles_a_cluster_begins_with_are_as_old_as_its_first_namespaces()
    {
        BuiltInRoles.Give(_cluster);
        Build(BuiltInWorlds.Find("Shop"));

        var since = _cluster.Store.Find(ApiResources.Namespaces, "", "kube-system")!.Metadata.Created;
        Assert.InRange(Present - since, TimeSpan.FromDays(200), TimeSpan.FromDays(201));
        Assert.All(_cluster.Store.List(ApiResources.ClusterRoles), role => Assert.Equal(since, role.Metadata.Created));
        Assert.All(_cluster.Store.List(ApiResources.ClusterRoleBindings), binding => Assert.Equal(since, binding.Metadata.Created));
    }

    [Fact]
    public void The_Large_world_is_all_outdated()
    {
        Build(BuiltInWorlds.Find("Large", workloads: 30, podsPerWorkload: 3));

        var pods = _cluster.Store.List(ApiResources.Pods, "team-01").ToList();
        Assert.Equal(90, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("1.26.4", true), (VersionOf(pod), pod.As<PodView>().IsReady)));
    }

    [Fact]
    public void The_same_data_and_seed_give_the_same_world()
    {
        var other = new Cluster(new Simulation(new SimulationOptions()));

        Build(BuiltInWorlds.Find("Shop"));
        Build(BuiltInWorlds.Find("Shop"), other);

        Assert.Equal(_cluster.Store.Version, other.Store.Version);
        Assert.Equal(_cluster.Store.List(ApiResources.Pods).Select(pod => (pod.Name, pod.Uid, pod.Version)), other.Store.List(ApiResources.Pods).Select(pod => (pod.Name, pod.Uid, pod.Version)));
    }

    [Fact]
    public void A_control_plane_without_pods_blocks_what_is_new_and_not_what_was()
    {
        Build(WorldReader.ReadText("mesh: { revisions: [{ version: 1.26.4, replicas: 0 }] }\nnamespaces: [{ name: shop, injection: enabled, workloads: [{ name: web, replicas: 2 }] }]"));

        Restart("shop", "web");

        Assert.Equal(2, PodsOf("shop", "web").Count(pod => VersionOf(pod) == "1.26.4"));
        Assert.Equal(2, new Timeline(_cluster).Read("shop", name: "web")[^1].Old);
    }

    [Theory]
    [InlineData("linkerd", "2.14.1", "2.15.2")]
    [InlineData("consul", "1.3.1", "1.4.0")]
    public void A_mesh_of_another_kind_was_upgraded_in_place(string kind, string old, string @new)
    {
        Build(WorldReader.ReadText($$"""
            mesh: { kind: {{kind}}, revisions: [{ version: {{@new}}, earlierVersions: ["{{old}}"] }] }
            namespaces:
            - name: shop
              injection: enabled
              workloads:
              - { name: before, sidecar: none }
              - { name: old, sidecar: "{{old}}" }
              - { name: new }
              - { name: never, inject: false }
            """));

        Assert.Equal([("before", "none"), ("never", "none"), ("new", @new), ("old", old)], _cluster.Store.List(ApiResources.Pods, "shop").Select(pod => (pod.Labels["app"], VersionOf(pod))));
        Restart("shop", "old");
        Assert.Equal(@new, VersionOf(PodsOf("shop", "old").Single()));
    }

    private SandboxWorld Build(SandboxWorld world, Cluster? into = null)
    {
        var cluster = into ?? _cluster;
        var events = new EventRecorder(cluster);
        _ = new ControllerSet(cluster, events);
        var faults = new FaultBoard(cluster);
        var nodes = new NodeSet(cluster, events, WorldTimes.Of(world.Startup), faults);
        faults.Attach(nodes.Images);
        new WorldBuilder(cluster, new WorldComponents(nodes, new MeshSet(cluster), events, faults)).Build(world, Present);
        return world;
    }

    private List<StoredObject> PodsOf(string home, string app) => [.. _cluster.Store.List(ApiResources.Pods, home).Where(pod => pod.Labels.GetValueOrDefault("app") == app)];

    private void Restart(string home, string name, ApiResource? resource = null)
    {
        var workload = _cluster.Store.Find(resource ?? ApiResources.Deployments, home, name)!;
        _cluster.Change(workload, json => json.Object("spec", "template", "metadata", "annotations")["kubectl.kubernetes.io/restartedAt"] = "now");
        _cluster.Simulation.Settle(TimeSpan.FromMinutes(5));
    }

    /// <summary>The version of a pod's sidecar; <c>none</c> without one.</summary>
    private static string VersionOf(StoredObject pod)
    {
        var spec = pod.ToJson()["spec"];
        var proxy = spec.Items("containers").Concat(spec.Items("initContainers")).FirstOrDefault(container => container.Text("name") is "istio-proxy" or "linkerd-proxy" or "consul-dataplane");
        return proxy is null ? "none" : proxy.Text("image")!.Split(':')[^1];
    }
}
