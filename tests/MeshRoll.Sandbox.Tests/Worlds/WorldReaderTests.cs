using System.Collections;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Wire.Faults;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Tests.Worlds;

public sealed class WorldReaderTests
{
    private const string Everything = """
        name: everything
        description: All keys there are.
        kubernetesVersion: 1.31.2
        nodes:
        - name: big
          pods: 50
          cpu: 8
          memory: 32Gi
          labels: { zone: a }
        - name: small
        startup: { ready: 2s, stop: 500ms, pull: 1 }
        mesh:
          kind: istio
          revisions:
          - name: ""
            version: 1.26.4
            hub: registry.example/istio
            replicas: 2
            earlierVersions: [1.25.2]
          - name: 1-27-1
            version: 1.27.1
            namespace: mesh
            nativeSidecars: true
          tags:
            stable: 1-27-1
        namespaces:
        - name: shop
          revision: stable
          injection: none
          labels: { team: shop, cost: 12 }
          annotations: { note: hello }
          quota: { pods: 40 }
          workloads:
          - kind: StatefulSet
            name: db
            replicas: 3
            image: db:1
            initImage: setup:1
            sidecar: default
            readinessProbe: { initialDelay: 1, period: 5, timeout: 2, successThreshold: 2, failureThreshold: 4 }
            readyAfter: 1m30s
            stopAfter: 2
            strategy: OnDelete
            partition: 1
            podManagementPolicy: Parallel
            minReadySeconds: 7
            revisionHistoryLimit: 3
            terminationGracePeriod: 1m
            preStop: 5s
            disruptionBudget: { minAvailable: 50% }
            autoscaler: { min: 2, max: 5 }
            service: 5432
            labels: { a: b }
            annotations: { c: d }
            podLabels: { e: f }
            podAnnotations: { g: "true" }
            inject: true
            cpu: 1
            memory: 1Gi
            age: 10d
          - name: web
            maxSurge: 25%
            maxUnavailable: 0
            progressDeadline: 5m
            paused: true
            service: true
            readinessProbe: false
          - { kind: Job, name: report, completeAfter: 1h }
        faults:
        - { kind: Crash, name: bad, namespace: shop, workload: web*, after: 5s, exitCode: 137 }
        - { kind: status, statusCode: 503, retryAfter: 2, message: busy, verb: patch, resource: deployments.apps, namespace: shop, objectName: web, rate: 0.5, count: 3, latency: 1s }
        - { kind: Throttle }
        - { kind: Cut, afterBytes: 100 }
        - { kind: ExpireWatch, resource: pods }
        - { kind: Latency, latency: 200ms, path: /version }
        objects:
        - apiVersion: v1
          kind: ConfigMap
          metadata: { name: settings, namespace: shop }
          data: { retries: "3" }
        """;

    [Fact]
    public void Every_key_arrives_in_the_world()
    {
        var world = WorldReader.ReadText(Everything);

        Assert.Equal(("everything", "All keys there are.", "1.31.2"), (world.Name, world.Description, world.KubernetesVersion));
        Assert.Equal(["big", "small"], world.Nodes.Select(node => node.Name));
        Assert.Equal((50, "8", "32Gi", "a"), (world.Nodes[0].Pods, world.Nodes[0].Cpu, world.Nodes[0].Memory, world.Nodes[0].Labels["zone"]));
        Assert.Equal(110, world.Nodes[1].Pods);
        Assert.Equal(new WorldStartup { Ready = TimeSpan.FromSeconds(2), Stop = TimeSpan.FromMilliseconds(500), Pull = TimeSpan.FromSeconds(1) }, world.Startup);

        Assert.Equal(["default", "1-27-1"], world.Mesh!.Revisions.Select(revision => revision.Name));
        Assert.Equal(("1.26.4", "registry.example/istio", 2, false), (world.Mesh.Revisions[0].Version, world.Mesh.Revisions[0].Hub, world.Mesh.Revisions[0].Replicas, world.Mesh.Revisions[0].NativeSidecars));
        Assert.Equal(["1.25.2"], world.Mesh.Revisions[0].EarlierVersions);
        Assert.Equal(("mesh", true), (world.Mesh.Revisions[1].Namespace, world.Mesh.Revisions[1].NativeSidecars));
        Assert.Equal("1.27.1", world.Mesh.Find("stable")!.Version);

        var shop = Assert.Single(world.Namespaces);
        Assert.Equal(("shop", "stable", WorldInjection.None, 40), (shop.Name, shop.Revision, shop.Injection, shop.Quota!.Value));
        Assert.Equal("12", shop.Labels["cost"]);
        Assert.Equal("hello", shop.Annotations["note"]);

        var database = shop.Workloads[0];
        Assert.Equal((WorldWorkloadKind.StatefulSet, "db", 3, "db:1", "setup:1", "default"), (database.Kind, database.Name, database.Replicas, database.Image, database.InitImage, database.Sidecar));
        Assert.Equal(new WorldProbe { InitialDelay = Seconds(1), Period = Seconds(5), Timeout = Seconds(2), SuccessThreshold = 2, FailureThreshold = 4 }, database.ReadinessProbe);
        Assert.Equal((Seconds(90), Seconds(2), Seconds(7), Seconds(60), Seconds(5)), (database.ReadyAfter, database.StopAfter, database.MinReadySeconds, database.TerminationGracePeriod, database.PreStop));
        Assert.Equal(("OnDelete", 1, "Parallel", 3), (database.Strategy, database.Partition, database.PodManagementPolicy, database.RevisionHistoryLimit));
        Assert.Equal("50%", database.DisruptionBudget!.MinAvailable);
        Assert.Equal(new WorldAutoscaler { Min = 2, Max = 5 }, database.Autoscaler);
        Assert.Equal((5432, true, "1", "1Gi", TimeSpan.FromDays(10)), (database.Service, database.Inject, database.Cpu, database.Memory, database.Age));
        Assert.Equal(("b", "d", "f", "true"), (database.Labels["a"], database.Annotations["c"], database.PodLabels["e"], database.PodAnnotations["g"]));

        var web = shop.Workloads[1];
        Assert.Equal((WorldWorkloadKind.Deployment, 1, "25%", "0", true, 80), (web.Kind, web.Replicas, web.MaxSurge, web.MaxUnavailable, web.Paused, web.Service));
        Assert.Equal(TimeSpan.FromMinutes(5), web.ProgressDeadline);
        Assert.Null(web.ReadinessProbe);
        Assert.Equal(TimeSpan.FromHours(1), shop.Workloads[2].CompleteAfter);
        Assert.Equal(
            new SandboxFault { Kind = SandboxFaultKind.Crash, Name = "bad", Namespace = "shop", Workload = "web*", After = Seconds(5), ExitCode = 137 },
            Assert.Single(world.Faults));
        Assert.Equal(
            new WireFault
            {
                Match = new() { Verb = "patch", Resource = "deployments.apps", Namespace = "shop", Name = "web" },
                Action = new WireAction.Answer(503) { Message = "busy", RetryAfter = 2 },
                Latency = Seconds(1),
                Rate = 0.5,
                Count = 3,
            },
            world.WireFaults[0]);
        Assert.Equal([new WireAction.Throttle(), new WireAction.Cut(100), new WireAction.Expire(), null], world.WireFaults.Skip(1).Select(fault => fault.Action));
        Assert.Equal(Seconds(0.2), world.WireFaults[^1].Latency);
        Assert.Equal("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"shop"},"data":{"retries":"3"}}""", Assert.Single(world.Objects).ToJsonString());
    }

    [Fact]
    public void A_hashtable_says_the_same_as_a_file()
    {
        var world = WorldReader.Read(new Hashtable
        {
            ["Nodes"] = 2,
            ["mesh"] = new Hashtable { ["revisions"] = new object[] { new Hashtable { ["version"] = new Version(1, 26, 4) } } },
            ["namespaces"] = new Hashtable[]
            {
                new()
                {
                    ["name"] = "shop",
                    ["injection"] = "Enabled",
                    ["workloads"] = new ArrayList
                    {
                        new Hashtable { ["name"] = "web", ["replicas"] = 2L, ["readyAfter"] = TimeSpan.FromSeconds(3), ["preStop"] = 1.5, ["podLabels"] = new Hashtable { ["canary"] = true }, ["inject"] = false },
                    },
                },
            },
        });

        Assert.Equal("scenario", world.Name);
        Assert.Equal(2, world.Nodes.Count);
        Assert.Equal("1.26.4", world.Mesh!.DefaultRevision!.Version);
        var web = Assert.Single(Assert.Single(world.Namespaces).Workloads);
        Assert.Equal((2, Seconds(3), Seconds(1.5), "true", false), (web.Replicas, web.ReadyAfter, web.PreStop, web.PodLabels["canary"], web.Inject));
    }

    [Fact]
    public void JSON_is_YAML_too()
    {
        var world = WorldReader.ReadText("{\n\"nodes\": 2,\n\"namespaces\": [\n{\n\"name\": \"shop\"\n}\n]\n}\n");

        Assert.Equal((2, "shop"), (world.Nodes.Count, world.Namespaces[0].Name));
    }

    [Fact]
    public void A_file_gives_its_name_to_the_world()
    {
        var file = Path.Combine(Path.GetTempPath(), $"meshroll-{Guid.NewGuid():n}.yaml");
        File.WriteAllText(file, "nodes: 1\n");
        try
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(file), WorldReader.ReadFile(file).Name);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Values_may_be_repeated_by_aliases()
    {
        var world = WorldReader.ReadText("""
            namespaces:
            - name: one
              workloads: &same
              - name: web
            - name: two
              workloads: *same
            """);

        Assert.Equal(["web", "web"], world.Namespaces.Select(home => home.Workloads[0].Name));
    }

    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("1.5", 1_500)]
    [InlineData("\"10s\"", 10_000)]
    [InlineData("250ms", 250)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("2d", 172_800_000)]
    [InlineData("0", 0)]
    [InlineData("'00:01:30'", 90_000)]
    public void Durations_are_written_in_several_ways(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), WorldReader.ReadText($"startup: {{ ready: {text} }}").Startup.Ready);

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("5x")]
    [InlineData("s")]
    [InlineData("5s1m")]
    [InlineData("1m1m")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("99999d")]
    [InlineData("999999999999999999999")]
    [InlineData("'-00:00:05'")]
    public void What_is_no_duration_is_refused(string text)
    {
        var error = Assert.Throws<SandboxException>(() => WorldReader.ReadText($"startup:\n  ready: {text}"));

        Assert.Equal($"Scenario 'scenario', line 2, startup.ready: '{text.Trim('\'')}' stands there, but a duration (seconds as a number, or 250ms, 10s, 1m30s, 2h, 3d) is expected.", error.Message);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
