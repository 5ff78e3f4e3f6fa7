using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Tests.Builders;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Mesh;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;

namespace MeshRoll.Sandbox.Tests.Mesh;

/// <summary>Controllers, nodes and mesh together: what happens when a workload of the mesh is made, restarted, and in trouble.</summary>
public sealed class WholeClusterTests
{
    [Fact]
    public void A_restart_brings_a_workload_from_one_revision_to_the_other_without_losing_a_ready_pod()
    {
        var world = new World();
        world.Install(new() { Version = "1.26.4" });
        world.Install(new() { Version = "1.27.1", Revision = "1-27" });
        world.Label("istio.io/rev", "default");
        world.Deploy(replicas: 3);
        world.Settle();
        Assert.Equal(["docker.io/istio/proxyv2:1.26.4"], world.Proxies().Distinct());

        var lowest = int.MaxValue;
        world.Cluster.Store.Changed += _ => lowest = Math.Min(lowest, world.Pods().Count(pod => pod.As<PodView>().IsReady));
        world.Label("istio.io/rev", "1-27");
        world.Restart();
        world.Settle();

        Assert.Equal(["docker.io/istio/proxyv2:1.27.1"], world.Proxies().Distinct());
        Assert.Equal(3, world.Pods().Count(pod => pod.As<PodView>().IsReady));
        Assert.Equal(3, lowest);
        Assert.Equal(3, JsonNode.Parse(world.Meshes.ProxySync.Syncz(world.Istiod("istiod-1-27"), newFormat: false))!.AsArray().Count);
    }

    [Fact]
    public void Pods_made_at_one_instant_differ_in_name_and_uid_and_in_nothing_else()
    {
        var world = new World();
        world.Install(new() { Version = "1.26.4" });
        world.Label("istio-injection", "enabled");
        var made = new List<StoredObject>();
        world.Cluster.Store.Changed += change =>
        {
            if (change.Type == ChangeType.Added && change.Object.Resource == ApiResources.Pods) made.Add(change.Object);
        };
        world.Deploy(replicas: 4);
        world.Settle();

        Assert.Equal(4, made.Count);
        Assert.Equal(4, made.Select(pod => pod.Name).Distinct().Count());
        Assert.Equal(4, made.Select(pod => pod.Uid).Distinct().Count());
        Assert.Equal(4, made.Select(pod => pod.Version).Distinct().Count());
        Assert.Single(made.Select(Unnamed).Distinct());
        Assert.Contains("istio-proxy", Unnamed(made[0]), StringComparison.Ordinal);

        static string Unnamed(StoredObject pod)
        {
            var json = pod.ToJson();
            foreach (var own in (string[])["name", "uid", "resourceVersion"]) json.Object("metadata").Remove(own);
            return json.ToJsonString();
        }
    }

    [Fact]
    public void With_its_injector_down_a_workload_gets_no_new_pods_until_it_is_back()
    {
        var world = new World();
        world.Install(new() { Version = "1.26.4" });
        world.Label("istio-injection", "enabled");
        world.Deploy(replicas: 2);
        world.Settle();
        world.Faults.Add(new() { Name = "down", Kind = SandboxFaultKind.WebhookDown });
        world.Settle();
        world.Restart();
        world.Run(30);

        Assert.Equal(2, world.Pods().Count(pod => pod.As<PodView>().IsReady));
        Assert.Contains(world.Events(), told => told.Text("reason") == "FailedCreate" && told.Text("message")!.EndsWith("no endpoints available for service \"istiod\"", StringComparison.Ordinal));

        world.Faults.Remove("down");
        world.Run(600);
        Assert.Equal(2, world.Pods().Count(pod => pod.As<PodView>().IsReady));
        Assert.Equal("2", world.Deployment().Text("metadata", "annotations", "deployment.kubernetes.io/revision"));
        Assert.Equal(2, world.Deployment().Number("status", "updatedReplicas"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_story_to_the_last_byte()
    {
        Assert.Equal(Story(), Story());

        static List<string> Story()
        {
            var world = new World();
            var story = new List<string>();
            world.Cluster.Store.Changed += change => story.Add($"{change.Type} {System.Text.Encoding.UTF8.GetString(change.Object.Json.Span)}");
            world.Install(new() { Version = "1.26.4", Replicas = 2 });
            world.Label("istio-injection", "enabled");
            world.Deploy(replicas: 3);
            world.Settle();
            world.Faults.Add(new() { Kind = SandboxFaultKind.Crash, Namespace = "shop", After = TimeSpan.FromSeconds(2) });
            world.Restart();
            world.Run(120);
            return story;
        }
    }

    private sealed class World
    {
        public World()
        {
            Simulation = new(new SimulationOptions { TimeProvider = new ManualTimeProvider(), Scale = double.PositiveInfinity });
            Cluster = new(Simulation);
            var events = new EventRecorder(Cluster);
            _ = new ControllerSet(Cluster, events);
            Faults = new(Cluster);
            var nodes = new NodeSet(Cluster, events, faults: Faults);
            Faults.Attach(nodes.Images);
            Meshes = new(Cluster);
            Cluster.Add(new QuotaAdmission(Cluster));
            foreach (var name in (string[])["shop", "istio-system"]) Cluster.Create(ApiResources.Namespaces, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
            nodes.Add(3);
            Settle();
        }

        public Simulation Simulation { get; }

        public Cluster Cluster { get; }

        public FaultBoard Faults { get; }

        public MeshSet Meshes { get; }

        public void Install(IstiodOptions istiod)
        {
            Meshes.Istio.Install(istiod);
            Settle();
        }

        public void Label(string key, string value) =>
            Cluster.Change(Cluster.Store.Find(ApiResources.Namespaces, "", "shop")!, json => json.Object("metadata", "labels")[key] = value);

        public void Deploy(int replicas)
        {
            var deployment = JsonNode.Parse("""
                {"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[
                {"name":"app","image":"shop/web:1","readinessProbe":{"tcpSocket":{"port":80},"initialDelaySeconds":3}}]}}}}
                """)!.AsObject();
            deployment.Object("spec")["replicas"] = replicas;
            Cluster.Create(ApiResources.Deployments, "shop", deployment);
        }

        public void Restart() => Cluster.Change(
            Cluster.Store.Find(ApiResources.Deployments, "shop", "web")!,
            json => json.Object("spec", "template", "metadata", "annotations")["kubectl.kubernetes.io/restartedAt"] = JsonAccess.Timestamp(Cluster.Now));

        public JsonObject Deployment() => Cluster.Store.Find(ApiResources.Deployments, "shop", "web")!.ToJson();

        public IEnumerable<StoredObject> Pods() => Cluster.Store.List(ApiResources.Pods, "shop");

        public StoredObject Istiod(string prefix) => Cluster.Store.List(ApiResources.Pods, "istio-system").First(pod => pod.Name.StartsWith(prefix, StringComparison.Ordinal));

        public IEnumerable<JsonObject> Events() => Cluster.Store.List(ApiResources.Events, "shop").Select(stored => stored.ToJson());

        public IEnumerable<string> Proxies() => Pods().Select(pod => pod.ToJson().Items("spec", "containers").Single(container => container.Text("name") == "istio-proxy").Text("image")!);

        public void Settle() => Simulation.Settle(TimeSpan.FromHours(1));

        public void Run(double seconds)
        {
            Simulation.After(TimeSpan.FromSeconds(seconds), () => { });
            Simulation.Settle(TimeSpan.FromSeconds(seconds));
        }
    }
}
