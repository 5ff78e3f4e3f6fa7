using System.Text.Json.Nodes;
using MeshRoll.ClusterTests.World;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.TestControlPlane.Kubelet;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class DiagnosisOnARealControlPlane(RealWorld world) : DiagnosisScenarios(world);

public sealed class DiagnosisInTheSandbox(EmbeddedWorld world) : DiagnosisScenarios(world);

public abstract class DiagnosisScenarios(ClusterWorld world) : Scenario(world)
{
    private const string WebhookConfigurations = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

    /// <summary>What is done to each workload's template, what is said of it, and whether that ends the wait.</summary>
    private static readonly (string Plural, string Name, JsonObject Change, string Id, FindingVerdict Verdict)[] s_faults =
    [
        ("deployments", "web-image", Annotated((PodFaults.MissingImageAnnotation, "app")), "ImagePull", FindingVerdict.Fatal),
        ("statefulsets", "db-image", Annotated((PodFaults.MissingImageAnnotation, "app")), "ImagePull", FindingVerdict.Fatal),
        ("daemonsets", "agent-image", Annotated((PodFaults.MissingImageAnnotation, "app")), "ImagePull", FindingVerdict.Fatal),
        ("deployments", "web-init", Annotated((PodFaults.InitFailsAnnotation, "true")), "InitContainerFailed", FindingVerdict.Fatal),
        ("deployments", "web-crash", Annotated((PodFaults.CrashesAfterAnnotation, "100ms"), (PodFaults.ExitCodeAnnotation, "7")), "CrashLoop", FindingVerdict.Fatal),
        ("deployments", "web-config", Annotated((PodFaults.ConfigMissingAnnotation, "shop-settings")), "ContainerConfig", FindingVerdict.Fatal),
        ("deployments", "web-unready", Annotated((PodFaults.NeverReadyAnnotation, "true")), "NotReady", FindingVerdict.Unknown),
        ("deployments", "web-sidecar", Annotated((PodFaults.NeverReadyAnnotation, "true"), (PodFaults.FaultyContainerAnnotation, "istio-proxy")), "SidecarNotReady", FindingVerdict.Unknown),
        ("deployments", "web-nonode", Requests("1000000"), "Unschedulable", FindingVerdict.Unknown),
    ];

    [Fact]
    public async Task Every_way_a_new_pod_can_fail_is_told_by_the_wait_and_by_a_diagnosis_alone()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "sick");
        await shop.CreateAsync([.. s_faults.Select(fault => Described(shop, fault.Plural, fault.Name)), shop.Workload("web-well").AsDeployment()]);
        foreach (var fault in s_faults) await shop.PatchAppAsync(fault.Plural, fault.Name, fault.Change.DeepClone());
        await using var session = Open();

        var ended = (await FollowAsync(session, s_faults.Select(fault => Unknown(session, shop.Name, fault.Plural, fault.Name)), new() { TimeoutAll = TimeSpan.FromSeconds(30) }))
            .ToDictionary(rollout => rollout.Name);
        var alone = (await DiagnoseAsync(session, new() { Namespaces = [shop.Name] })).ToLookup(finding => finding.Name);

        Assert.All(s_faults, fault =>
        {
            var rollout = ended[fault.Name];
            Assert.True(rollout.State == (fault.Verdict == FindingVerdict.Fatal ? RolloutState.Failed : RolloutState.TimedOut), Told(rollout));
            Assert.True(rollout.Diagnosis is [var first, ..] && (first.Id, first.Verdict) == (fault.Id, fault.Verdict), Told(rollout));
            Assert.Contains(rollout.Diagnosis[0].Message, rollout.Message, StringComparison.Ordinal);
            Assert.Contains(alone[fault.Name], finding => finding.Id == fault.Id && finding.Kind == rollout.Kind && finding.Namespace == shop.Name);
        });
        Assert.Empty(alone["web-well"]);
        Assert.Equal(7, ended["web-crash"].Diagnosis[0].ExitCode);
        Assert.All(["web-unready", "web-sidecar"], name => Assert.Contains("Readiness probe failed", ended[name].Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_last_words_of_a_container_that_fails_are_told_where_the_cluster_has_them_and_missed_aloud_where_not()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "lastwords");
        await shop.CreateAsync((shop.Workload("web") with { MinReadySeconds = 2 }).AsDeployment());
        await shop.PatchAppAsync("deployments", "web", Annotated((PodFaults.CrashesAfterAnnotation, "100ms"), (PodFaults.ExitCodeAnnotation, "3")));
        await using var session = Open();
        await FollowAsync(session, [Unknown(session, shop.Name, "deployments", "web")], new() { TimeoutAll = TimeSpan.FromSeconds(45) });

        var events = new List<ReadEvent<MeshFinding>>();
        await foreach (var item in new DiagnosisReader(session).ReadAsync(new() { Namespaces = [shop.Name] }, new() { IncludeLog = true }, Cancelled)) events.Add(item);

        var finding = Assert.Single(events.OfType<ReadEvent<MeshFinding>.Found>()).Item;
        Assert.Equal(("CrashLoop", "app", 3), (finding.Id, finding.Container, finding.ExitCode));
        if (finding.Log.Length > 0) Assert.Contains("exit code 3", finding.Log, StringComparison.Ordinal);
        else Assert.Contains($"The log of container app of pod {finding.Pod}", Assert.Single(events.OfType<ReadEvent<MeshFinding>.Remark>()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-01T10:00:00.000000Z\twarn\tca\tca request failed: x509: certificate signed by unknown authority", "SidecarCertificate")]
    [InlineData(null, "IstiodUnreachable")]
    public async Task A_sidecars_log_says_what_it_waits_for_where_the_cluster_has_it(string? log, string id)
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "waiting");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        (string, string)[] annotations = [(PodFaults.NeverReadyAnnotation, "true"), (PodFaults.FaultyContainerAnnotation, "istio-proxy"), .. log is null ? ((string, string)[])[] : [("sandbox.meshroll.io/log", log)]];
        await shop.PatchAppAsync("deployments", "web", Annotated(annotations));
        await using var session = Open();
        var ended = Assert.Single(await FollowAsync(session, [Unknown(session, shop.Name, "deployments", "web")], new() { TimeoutAll = TimeSpan.FromSeconds(20) }));
        Assert.True((ended.State, Id(ended)) == (RolloutState.TimedOut, "SidecarNotReady"), Told(ended));

        var events = new List<ReadEvent<MeshFinding>>();
        await foreach (var item in new DiagnosisReader(session).ReadAsync(new() { Namespaces = [shop.Name] }, new() { IncludeLog = true }, Cancelled)) events.Add(item);

        var finding = Assert.Single(events.OfType<ReadEvent<MeshFinding>.Found>()).Item;
        Assert.Equal((finding.Log.Length > 0 ? id : "SidecarNotReady", "istio-proxy"), (finding.Id, finding.Container));
    }

    [Fact]
    public async Task A_quota_that_leaves_no_room_for_a_surge_is_told()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "tight");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        await shop.Api.CreateAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ResourceQuota",
            ["metadata"] = new JsonObject { ["name"] = "small", ["namespace"] = shop.Name },
            ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = "1" } },
        }, Cancelled);
        await shop.Api.WaitAsync($"/api/v1/namespaces/{shop.Name}/resourcequotas/small", quota => (string?)quota?["status"]?["used"]?["pods"] == "1", TimeSpan.FromSeconds(30), Cancelled);
        await shop.PatchAppAsync("deployments", "web", Annotated(("restarted", "now")));
        await using var session = Open();

        var ended = Assert.Single(await FollowAsync(session, [Unknown(session, shop.Name, "deployments", "web")], new() { TimeoutAll = TimeSpan.FromSeconds(10) }));

        Assert.True((ended.State, Id(ended)) == (RolloutState.TimedOut, "QuotaExceeded"), Told(ended));
        Assert.Equal("QuotaExceeded", Assert.Single(await DiagnoseAsync(session, new() { Namespaces = [shop.Name] })).Id);
    }

    [Fact]
    public async Task An_injector_that_does_not_answer_is_told_for_each_kind_of_workload()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "injectorless");
        await shop.CreateAsync(shop.Workload("web").AsDeployment(), shop.Workload("db").AsStatefulSet(), shop.Workload("agent").AsDaemonSet());
        var revision = shop.Name;
        await shop.Api.CreateAsync(InjectorOf(revision), Cancelled);
        try
        {
            await shop.Api.LabelAsync($"/api/v1/namespaces/{shop.Name}", new Dictionary<string, string?> { ["istio-injection"] = null, ["istio.io/rev"] = revision }, Cancelled);
            foreach (var (plural, name) in ((string, string)[])[("deployments", "web"), ("statefulsets", "db"), ("daemonsets", "agent")])
                await shop.PatchAppAsync(plural, name, Annotated(("restarted", "now")));
            await using var session = Open();

            var ended = await FollowAsync(session,
                [Unknown(session, shop.Name, "deployments", "web"), Unknown(session, shop.Name, "statefulsets", "db"), Unknown(session, shop.Name, "daemonsets", "agent")],
                new() { TimeoutAll = TimeSpan.FromSeconds(15) });

            Assert.All(ended, rollout => Assert.True((rollout.State, Id(rollout)) == (RolloutState.TimedOut, "InjectionFailed"), Told(rollout)));
            Assert.All(ended, rollout => Assert.Contains($"istiod-{revision}", rollout.Message, StringComparison.Ordinal));
            Assert.Equal(["DaemonSet/agent", "Deployment/web", "StatefulSet/db"],
                (await DiagnoseAsync(session, new() { Namespaces = [shop.Name] })).Where(finding => finding.Id == "InjectionFailed").Select(finding => $"{finding.Kind}/{finding.Name}").Order(StringComparer.Ordinal));
        }
        finally
        {
            // It concerns this namespace alone; but whoever reads the mesh's revisions sees it.
            await shop.Api.DeleteAsync($"{WebhookConfigurations}/istio-sidecar-injector-{revision}", null, Cancelled);
        }
    }

    [Fact]
    public async Task Pods_that_come_up_with_the_old_sidecar_are_told_with_the_label_that_decided()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "stale");
        await shop.CreateAsync((shop.Workload("web") with { PodLabels = new Dictionary<string, string> { ["istio.io/rev"] = ClusterWorld.NewRevision } }).AsDeployment());
        await shop.PatchAppAsync("deployments", "web", Annotated(("restarted", "now")));
        await using var session = Open();

        var ended = Assert.Single(await FollowAsync(session, [Unknown(session, shop.Name, "deployments", "web") with { DesiredVersion = ClusterWorld.NewVersion }], new() { TimeoutAll = TimeSpan.FromSeconds(45) }));

        Assert.True((ended.State, Id(ended)) == (RolloutState.Complete, "SidecarStillOutdated"), Told(ended));
        // The namespace's label goes before the pod's own.
        Assert.Contains("istio-injection=enabled", ended.Message, StringComparison.Ordinal);
        Assert.Contains($"own label istio.io/rev={ClusterWorld.NewRevision} does not count", ended.Message, StringComparison.Ordinal);
        Assert.Equal("SidecarStillOutdated", Assert.Single(await DiagnoseAsync(session, new() { Namespaces = [shop.Name] }, ended)).Id);
    }

    [Fact]
    public async Task Who_wants_to_wait_it_out_is_told_the_same_and_not_sent_away_early()
    {
        var shop = await ScenarioNamespace.CreateAsync(World, "patient");
        await shop.CreateAsync(shop.Workload("web").AsDeployment());
        await shop.PatchAppAsync("deployments", "web", Annotated((PodFaults.MissingImageAnnotation, "app")));
        await using var session = Open();

        var ended = Assert.Single(await FollowAsync(session, [Unknown(session, shop.Name, "deployments", "web")], new() { TimeoutAll = TimeSpan.FromSeconds(10), FailOnFatalFinding = false }));

        Assert.True((ended.State, Id(ended)) == (RolloutState.TimedOut, "ImagePull"), Told(ended));
    }

    private static MeshRollout Unknown(ClusterSession session, string @namespace, string plural, string name) => new()
    {
        Cluster = session.Name,
        Namespace = @namespace,
        Kind = plural switch { "statefulsets" => "StatefulSet", "daemonsets" => "DaemonSet", _ => "Deployment" },
        Name = name,
    };

    private static async Task<List<MeshFinding>> DiagnoseAsync(ClusterSession session, WorkloadSelection selection, params MeshRollout[] rollouts)
    {
        var findings = new List<MeshFinding>();
        await foreach (var item in new DiagnosisReader(session).ReadAsync(selection, new() { Rollouts = rollouts }, Cancelled)) findings.Add(Assert.IsType<ReadEvent<MeshFinding>.Found>(item).Item);
        return findings;
    }

    private static JsonObject Described(ScenarioNamespace shop, string plural, string name)
    {
        var workload = shop.Workload(name) with { InitImage = name == "web-init" ? "hub.example/init:1" : null };
        return plural switch
        {
            "statefulsets" => workload.AsStatefulSet(),
            "daemonsets" => workload.AsDaemonSet(),
            // A moment after its first start a pod that crashes is not to count as well.
            _ => (workload with { MinReadySeconds = name == "web-crash" ? 2 : null }).AsDeployment(),
        };
    }

    private static JsonObject Annotated(params (string Name, string Value)[] annotations)
    {
        var map = new JsonObject();
        foreach (var (name, value) in annotations) map[name] = value;
        return Template(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = map } });
    }

    private static JsonObject Requests(string cpu) => Template(new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = cpu } } }),
        },
    });

    private static JsonObject Template(JsonObject template) => new() { ["spec"] = new JsonObject { ["template"] = template } };

    /// <summary>The webhook of a revision whose istiod is not there.</summary>
    private static JsonObject InjectorOf(string revision) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "MutatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = $"istio-sidecar-injector-{revision}", ["labels"] = new JsonObject { ["app"] = "sidecar-injector", ["istio.io/rev"] = revision } },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = "rev.namespace.sidecar-injector.istio.io",
            ["clientConfig"] = new JsonObject { ["service"] = new JsonObject { ["namespace"] = "istio-system", ["name"] = $"istiod-{revision}", ["path"] = "/inject", ["port"] = 443 } },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("CREATE"),
                ["apiGroups"] = new JsonArray(""),
                ["apiVersions"] = new JsonArray("v1"),
                ["resources"] = new JsonArray("pods"),
            }),
            ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["istio.io/rev"] = revision } },
            ["failurePolicy"] = "Fail",
            ["sideEffects"] = "None",
            ["admissionReviewVersions"] = new JsonArray("v1"),
        }),
    };

    private static string? Id(MeshRollout rollout) => rollout.Diagnosis is [var first, ..] ? first.Id : null;

    private static string Told(MeshRollout rollout) =>
        $"{rollout.Name} {rollout.State}: {rollout.Message} | {string.Join("; ", rollout.Diagnosis.Select(found => $"{found.Id} {found.Verdict} {found.Message}"))}";
}
