using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Worlds;
using MeshRoll.Sandbox.Worlds.Building;

namespace MeshRoll.Sandbox.Tests.Worlds;

public sealed class WorldBuilderTests
{
    private static readonly DateTimeOffset Present = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly Cluster _cluster = new(new Simulation(new SimulationOptions()));
    private readonly Diary _diary;

    public WorldBuilderTests() => _diary = new(_cluster);

    [Fact]
    public void A_workload_is_made_at_its_age_under_the_mark_of_the_revision_that_injected_it()
    {
        Build("""
            mesh: { revisions: [{ version: 1.26.4 }, { name: 1-27-1, version: 1.27.1 }], tags: { stable: 1-27-1 } }
            namespaces:
            - name: shop
              revision: stable
              workloads:
              - { name: young, age: 1h }
              - { name: old, sidecar: default }
              - { name: ancient, sidecar: none, age: 30d }
              - { name: other, inject: false }
              - { name: tagged, sidecar: stable }
            """);

        Assert.Equal(
            [
                "-30.00:00:00 ancient istio-injection=disabled",
                "-3.00:00:00 other istio-injection=disabled",
                "-3.00:00:00 tagged istio.io/rev=1-27-1",
                "-3.00:00:00 old istio-injection=enabled",
                "-01:00:00 young istio.io/rev=1-27-1",
            ],
            _diary.Made);
        Assert.Equal("istio.io/rev=stable", Marks("shop"));
        Assert.Equal(["mesh default 1.26.4", "mesh 1-27-1 1.27.1", "tag stable 1-27-1", "faults"], _diary.Done);
    }

    [Fact]
    public void A_mesh_that_was_upgraded_in_place_had_its_earlier_version_when_the_workload_was_made()
    {
        Build("""
            mesh: { revisions: [{ version: 1.27.1, earlierVersions: [1.25.2, 1.26.4] }] }
            namespaces:
            - name: shop
              injection: enabled
              workloads:
              - { name: oldest, sidecar: 1.25.2, age: 30d }
              - { name: old, sidecar: 1.26.4, age: 10d }
              - { name: present }
            """);

        Assert.Equal(["mesh default 1.27.1", "mesh default 1.25.2", "mesh default 1.26.4", "mesh default 1.27.1", "faults"], _diary.Done);
    }

    [Fact]
    public void A_control_plane_without_pods_had_some_when_it_injected()
    {
        Build("mesh: { revisions: [{ version: 1.26.4, replicas: 0 }] }\nnamespaces: [{ name: shop, injection: enabled, workloads: [{ name: web }] }]");

        Assert.Equal(["mesh default 1.26.4", "mesh default 1.26.4 without pods", "faults"], _diary.Done);
    }

    [Fact]
    public void What_is_marked_today_follows_the_data()
    {
        Build("""
            mesh: { revisions: [{ version: 1.26.4 }, { name: b, version: 1.27.1 }] }
            namespaces:
            - { name: one, injection: enabled }
            - { name: two, injection: disabled }
            - { name: three, revision: b, injection: enabled }
            - { name: four }
            - { name: five, revision: default, labels: { istio.io/use-waypoint: x } }
            """);

        Assert.Equal(
            ["istio-injection=enabled", "istio-injection=disabled", "istio-injection=enabled, istio.io/rev=b", "", "istio.io/rev=default, istio.io/use-waypoint=x"],
            ((string[])["one", "two", "three", "four", "five"]).Select(Marks));
    }

    [Fact]
    public void The_default_revision_may_have_a_name()
    {
        Build("mesh: { revisions: [{ version: 1.26.4 }, { name: b, version: 1.27.1, default: true }] }\nnamespaces: [{ name: shop, injection: enabled, workloads: [{ name: web }] }]");

        Assert.Contains("tag default b", _diary.Done);
        Assert.Equal(["-3.00:00:00 web istio.io/rev=b"], _diary.Made);
    }

    [Theory]
    [InlineData("linkerd", "linkerd.io/inject=enabled")]
    [InlineData("consul", "consul.hashicorp.com/connect-inject=true")]
    public void Other_meshes_have_marks_of_their_own(string kind, string mark)
    {
        Build($"mesh: {{ kind: {kind}, revisions: [{{ version: 2.0.0 }}] }}\nnamespaces: [{{ name: shop, injection: enabled, workloads: [{{ name: web }}] }}]");

        Assert.Equal([$"-3.00:00:00 web {mark}"], _diary.Made);
        Assert.Equal(mark, Marks("shop"));
    }

    [Fact]
    public void A_workload_becomes_the_object_that_a_user_would_have_written()
    {
        Build("""
            namespaces:
            - name: shop
              quota: 20
              workloads:
              - name: web
                replicas: 3
                maxSurge: 1
                maxUnavailable: 25%
                minReadySeconds: 5
                progressDeadline: 2m
                terminationGracePeriod: 45s
                preStop: 5s
                readyAfter: 1500ms
                initImage: setup:1
                service: true
                disruptionBudget: { minAvailable: 2 }
                autoscaler: { min: 2, max: 5 }
                paused: true
                podLabels: { tier: front }
              - { kind: StatefulSet, name: db, strategy: OnDelete, service: 5432 }
              - { kind: StatefulSet, name: cache, partition: 1, readinessProbe: false }
              - { kind: Job, name: report, replicas: 2, completeAfter: 1h }
              - { kind: Pod, name: shell, labels: { who: me } }
              - { kind: Rollout, name: flags, maxUnavailable: 0 }
            objects:
            - { apiVersion: v1, kind: ConfigMap, metadata: { name: settings, namespace: shop }, data: { a: b } }
            """);

        var web = Spec(ApiResources.Deployments, "web");
        Assert.Equal((3L, 5L, 120L, true), (web.Number("replicas"), web.Number("minReadySeconds"), web.Number("progressDeadlineSeconds"), web.Flag("paused")));
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":"25%"}}""", web!["strategy"]!.ToJsonString());
        Assert.Equal("""{"app":"web","version":"v1","tier":"front"}""", web["template"]!["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal([KeyValuePair.Create(PodBehaviour.Prefix + "ready-after", "1.5s")], web.Map("template", "metadata", "annotations"));
        Assert.Equal(45L, web.Number("template", "spec", "terminationGracePeriodSeconds"));
        var container = web.Items("template", "spec", "containers").Single();
        Assert.Equal(("app", "registry.example/shop/web:1"), (container.Text("name"), container.Text("image")));
        Assert.Equal("""{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"initialDelaySeconds":0,"periodSeconds":1,"timeoutSeconds":1,"successThreshold":1,"failureThreshold":3}""", container["readinessProbe"]!.ToJsonString());
        Assert.Equal(5L, container.Number("lifecycle", "preStop", "sleep", "seconds"));
        Assert.Equal("setup:1", web.Items("template", "spec", "initContainers").Single().Text("image"));

        Assert.Equal(80L, Spec(ApiResources.Services, "web").Items("ports").Single().Number("port"));
        Assert.Equal(2L, Spec(ApiResources.PodDisruptionBudgets, "web").Number("minAvailable"));
        Assert.Equal(("Deployment", 5L), (Spec(ApiResources.HorizontalPodAutoscalers, "web").Text("scaleTargetRef", "kind"), Spec(ApiResources.HorizontalPodAutoscalers, "web").Number("maxReplicas")));
        Assert.Equal("OnDelete", Spec(ApiResources.StatefulSets, "db").Text("updateStrategy", "type"));
        Assert.Equal("None", Spec(ApiResources.Services, "db").Text("clusterIP"));
        Assert.Equal(1L, Spec(ApiResources.StatefulSets, "cache").Number("updateStrategy", "rollingUpdate", "partition"));
        Assert.Null(Spec(ApiResources.StatefulSets, "cache").Items("template", "spec", "containers").Single()["readinessProbe"]);
        Assert.Equal((2L, "Never"), (Spec(ApiResources.Jobs, "report").Number("completions"), Spec(ApiResources.Jobs, "report").Text("template", "spec", "restartPolicy")));
        Assert.Equal("me", _cluster.Store.Find(ApiResources.Pods, "shop", "shell")!.Labels["who"]);
        Assert.Equal(0L, Spec(ApiResources.ArgoRollouts, "flags").Number("strategy", "canary", "maxUnavailable"));
        Assert.Equal("20", Spec(ApiResources.ResourceQuotas, "pods").Text("hard", "pods"));
        Assert.NotNull(_cluster.Store.Find(ApiResources.ConfigMaps, "shop", "settings"));
    }

    [Fact]
    public void The_past_is_instant_and_leaves_no_events_and_the_present_is_neither()
    {
        Build("namespaces: [{ name: shop, workloads: [{ name: web }] }]");

        Assert.Equal([(false, true), (true, false)], [(_diary.WasRecording, _diary.WasInstant), (_diary.RecordsEvents, _diary.IsInstant)]);
        Assert.Equal(Present, _cluster.Now);
    }

    [Fact]
    public void Every_cluster_has_its_own_namespaces_and_a_mesh_its()
    {
        Build("mesh: { revisions: [{ version: 1.0.0 }, { name: b, version: 1.1.0, namespace: mesh-b }] }\nnamespaces: [{ name: kube-system, labels: { a: b } }]");

        Assert.Equal(["default", "istio-system", "kube-node-lease", "kube-public", "kube-system", "mesh-b"], _cluster.Store.List(ApiResources.Namespaces).Select(home => home.Name));
        Assert.Equal("b", _cluster.Store.Find(ApiResources.Namespaces, "", "kube-system")!.Labels["a"]);
    }

    [Fact]
    public void A_refused_object_is_named_with_the_server_s_words()
    {
        var error = Assert.Throws<SandboxException>(() => Build("objects:\n- { apiVersion: v1, kind: ConfigMap, metadata: { name: x, namespace: nowhere } }\n"));

        Assert.Equal("MeshRoll.SandboxScenarioInvalid", error.Id);
        Assert.Equal("The world 'scenario' cannot be built: ConfigMap nowhere/x is refused: namespaces \"nowhere\" not found. Correct it in the scenario.", error.Message);
    }

    private void Build(string yaml) => new WorldBuilder(_cluster, _diary).Build(WorldReader.ReadText(yaml), Present);

    private JsonNode? Spec(ApiResource resource, string name) => _cluster.Store.Find(resource, "shop", name)!.ToJson()["spec"];

    private string Marks(string name) => _diary.Marks(_cluster.Store.Find(ApiResources.Namespaces, "", name)!);

    /// <summary>The components, played: writes down what was asked of them, and under which mark workloads were made.</summary>
    private sealed class Diary : IWorldComponents, IAdmission
    {
        private readonly Cluster _cluster;

        public Diary(Cluster cluster)
        {
            _cluster = cluster;
            cluster.Add(this);
        }

        public List<string> Done { get; } = [];

        public List<string> Made { get; } = [];

        public bool IsInstant { get; set; }

        public bool RecordsEvents { get; set; } = true;

        public bool WasInstant { get; private set; }

        public bool WasRecording { get; private set; }

        public void AddNode(WorldNode node) => _cluster.Create(ApiResources.Nodes, "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = node.Name } });

        public void InstallMesh(WorldMesh mesh, WorldRevision revision, string version) => Done.Add($"mesh {revision.Name} {version}{(revision.Replicas == 0 ? " without pods" : "")}");

        public void SetTag(WorldMesh mesh, string tag, WorldRevision revision) => Done.Add($"tag {tag} {revision.Name}");

        public void AddFaults(SandboxWorld world) => Done.Add("faults");

        public void Admit(AdmissionRequest request)
        {
            if (request is not { Operation: "CREATE", Namespace: "shop" } || request.Resource.Group != "apps") return;
            (WasInstant, WasRecording) = (IsInstant, RecordsEvents);
            Made.Add($"{_cluster.Now - Present:c} {request.Object.Text("metadata", "name")} {Marks(_cluster.Store.Find(ApiResources.Namespaces, "", "shop")!)}");
        }

        public string Marks(StoredObject home)
        {
            var metadata = home.ToJson()["metadata"];
            var all = metadata.Map("labels").Concat(metadata.Map("annotations")).Where(mark => mark.Key.Contains("inject", StringComparison.Ordinal) || mark.Key.StartsWith("istio.io/", StringComparison.Ordinal));
            return string.Join(", ", all.OrderBy(mark => mark.Key, StringComparer.Ordinal).Select(mark => $"{mark.Key}={mark.Value}"));
        }
    }
}
