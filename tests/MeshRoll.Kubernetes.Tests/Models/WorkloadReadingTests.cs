using System.Text;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Models;

/// <summary>Every kind reads the same from protobuf and from JSON, field by field.</summary>
public sealed class WorkloadReadingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Action<ProtobufWriter> Meta = meta => meta.Text(1, "web").Text(3, "shop").Number(7, 4).Message(8, _ => { });

    private static readonly Action<ProtobufWriter> Template = template => template
        .Message(1, meta => meta.Message(8, _ => { }).Entry(12, "kubectl.kubernetes.io/restartedAt", "then").Entry(12, "kubectl.kubernetes.io/last-applied-configuration", "{long}"))
        .Message(2, spec => spec.Message(2, container => container.Text(1, "app").Text(2, "web:1").Message(22, probe => probe.Number(2, 4).Number(4, 15).Number(5, 1).Number(6, 40)).Text(24, "Always")));

    private static readonly Action<ProtobufWriter> Selector = selector => selector.Entry(1, "app", "web")
        .Message(2, requirement => requirement.Text(1, "tier").Text(2, "In").Text(3, "a").Text(3, "b"));

    private const string MetaJson = """ "metadata":{"name":"web","namespace":"shop","generation":4,"creationTimestamp":null,"labels":null,"ownerReferences":null} """;
    private const string TemplateJson = """ "template":{"metadata":{"creationTimestamp":null,"annotations":{"kubectl.kubernetes.io/restartedAt":"then","kubectl.kubernetes.io/last-applied-configuration":"{long}"}},"spec":{"containers":[{"name":"app","image":"web:1","startupProbe":{"initialDelaySeconds":4,"periodSeconds":15,"successThreshold":1,"failureThreshold":40},"restartPolicy":"Always"}],"initContainers":null}} """;
    private const string SelectorJson = """ "selector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]}]} """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Deployment_reads_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta)
            .Message(2, spec => spec.Number(1, 3).Message(2, Selector).Message(3, Template)
                .Message(4, strategy => strategy.Text(1, "RollingUpdate").Message(2, update => update
                    .Message(1, value => value.Number(1, 1).Number(2, 0).Text(3, "25%")).Message(2, value => value.Number(1, 0).Number(2, 2).Text(3, ""))))
                .Number(5, 10).Number(6, 10).Bool(7, true).Number(9, 600))
            .Message(3, status => status.Number(1, 4).Number(2, 3).Number(3, 2).Number(4, 1).Number(5, 5).Number(7, 6)
                .Message(6, condition => condition.Text(1, "Progressing").Text(2, "True").Text(4, "NewReplicaSetAvailable").Text(5, "done").Time(6, Noon).Time(7, Noon.AddHours(1)))));
        const string json = "{\"kind\":\"Deployment\"," + MetaJson + ",\"spec\":{\"replicas\":3," + SelectorJson + "," + TemplateJson + """
            ,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":2}},"minReadySeconds":10,"revisionHistoryLimit":10,"paused":true,"progressDeadlineSeconds":600},
            "status":{"observedGeneration":4,"replicas":3,"updatedReplicas":2,"availableReplicas":1,"unavailableReplicas":5,"readyReplicas":6,
            "conditions":[{"type":"Progressing","status":"True","reason":"NewReplicaSetAvailable","message":"done","lastUpdateTime":"2026-01-02T12:00:00Z","lastTransitionTime":"2026-01-02T13:00:00Z"}]}}
            """;

        foreach (var it in await BothAsync(Resources.Deployments, protobuf, json))
        {
            Assert.Equal(("web", "shop", 4L), (it.Metadata.Name, it.Metadata.Namespace, it.Metadata.Generation));
            Assert.Null(it.Metadata.CreationTimestamp);
            Assert.Equal((3, 10, true, 600), (it.Spec.Replicas, it.Spec.MinReadySeconds, it.Spec.Paused, it.Spec.ProgressDeadlineSeconds));
            AssertSelector(it.Spec.Selector);
            AssertTemplate(it.Spec.Template);
            Assert.Equal(new DeploymentStrategy { Type = "RollingUpdate", RollingUpdate = new() { MaxUnavailable = new(25, true), MaxSurge = new(2, false) } }, it.Spec.Strategy);
            Assert.Equal((4L, 3, 2, 6, 1, 5), (it.Status.ObservedGeneration, it.Status.Replicas, it.Status.UpdatedReplicas, it.Status.ReadyReplicas, it.Status.AvailableReplicas, it.Status.UnavailableReplicas));
            Assert.Equal(
                new Condition { Type = "Progressing", Status = "True", Reason = "NewReplicaSetAvailable", Message = "done", LastUpdateTime = Noon, LastTransitionTime = Noon.AddHours(1) },
                it.Status.Conditions.Single());
        }
    }

    [Fact]
    public async Task A_ReplicaSet_reads_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta)
            .Message(2, spec => spec.Number(1, 0).Message(2, Selector).Message(3, Template))
            .Message(3, status => status.Number(1, 1).Number(3, 4).Number(4, 2).Number(5, 3)
                .Message(6, condition => condition.Text(1, "ReplicaFailure").Text(2, "True").Time(3, Noon).Text(4, "FailedCreate").Text(5, "quota"))));
        const string json = "{\"kind\":\"ReplicaSet\"," + MetaJson + ",\"spec\":{\"replicas\":0," + SelectorJson + "," + TemplateJson + """
            },"status":{"replicas":1,"observedGeneration":4,"readyReplicas":2,"availableReplicas":3,
            "conditions":[{"type":"ReplicaFailure","status":"True","lastTransitionTime":"2026-01-02T12:00:00Z","reason":"FailedCreate","message":"quota"}]}}
            """;

        foreach (var it in await BothAsync(Resources.ReplicaSets, protobuf, json))
        {
            Assert.Equal(0, it.Spec.Replicas);
            AssertSelector(it.Spec.Selector);
            AssertTemplate(it.Spec.Template);
            Assert.Equal((4L, 1, 2, 3), (it.Status.ObservedGeneration, it.Status.Replicas, it.Status.ReadyReplicas, it.Status.AvailableReplicas));
            Assert.Equal(new Condition { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = "quota", LastTransitionTime = Noon }, it.Status.Conditions.Single());
        }
    }

    [Fact]
    public async Task A_StatefulSet_reads_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta)
            .Message(2, spec => spec.Number(1, 3).Message(2, Selector).Message(3, Template).Message(4, claim => claim.Text(1, "x")).Text(5, "web").Text(6, "Parallel")
                .Message(7, strategy => strategy.Text(1, "RollingUpdate").Message(2, update => update.Number(1, 2))).Number(9, 7))
            .Message(3, status => status.Number(1, 4).Number(2, 3).Number(3, 2).Number(4, 1).Number(5, 5).Text(6, "web-a").Text(7, "web-b").Number(11, 6)));
        const string json = "{\"kind\":\"StatefulSet\"," + MetaJson + ",\"spec\":{\"replicas\":3," + SelectorJson + "," + TemplateJson + """
            ,"podManagementPolicy":"Parallel","serviceName":"web","updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}},"minReadySeconds":7},
            "status":{"observedGeneration":4,"replicas":3,"readyReplicas":2,"currentReplicas":1,"updatedReplicas":5,"currentRevision":"web-a","updateRevision":"web-b","availableReplicas":6}}
            """;

        foreach (var it in await BothAsync(Resources.StatefulSets, protobuf, json))
        {
            Assert.Equal((3, "Parallel", 7), (it.Spec.Replicas, it.Spec.PodManagementPolicy, it.Spec.MinReadySeconds));
            AssertSelector(it.Spec.Selector);
            AssertTemplate(it.Spec.Template);
            Assert.Equal(new StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new() { Partition = 2 } }, it.Spec.UpdateStrategy);
            Assert.Equal((4L, 3, 2, 1, 5, 6), (it.Status.ObservedGeneration, it.Status.Replicas, it.Status.ReadyReplicas, it.Status.CurrentReplicas, it.Status.UpdatedReplicas, it.Status.AvailableReplicas));
            Assert.Equal(("web-a", "web-b"), (it.Status.CurrentRevision, it.Status.UpdateRevision));
        }
    }

    [Fact]
    public async Task A_DaemonSet_reads_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta)
            .Message(2, spec => spec.Message(1, Selector).Message(2, Template).Message(3, strategy => strategy.Text(1, "OnDelete")).Number(4, 5))
            .Message(3, status => status.Number(1, 1).Number(2, 9).Number(3, 2).Number(4, 3).Number(5, 4).Number(6, 5).Number(7, 6).Number(8, 7)));
        const string json = "{\"kind\":\"DaemonSet\"," + MetaJson + ",\"spec\":{" + SelectorJson + "," + TemplateJson + """
            ,"updateStrategy":{"type":"OnDelete"},"minReadySeconds":5},
            "status":{"currentNumberScheduled":1,"numberMisscheduled":9,"desiredNumberScheduled":2,"numberReady":3,"observedGeneration":4,"updatedNumberScheduled":5,"numberAvailable":6,"numberUnavailable":7}}
            """;

        foreach (var it in await BothAsync(Resources.DaemonSets, protobuf, json))
        {
            AssertSelector(it.Spec.Selector);
            AssertTemplate(it.Spec.Template);
            Assert.Equal(("OnDelete", null, 5), (it.Spec.UpdateStrategy.Type, it.Spec.UpdateStrategy.RollingUpdate, it.Spec.MinReadySeconds));
            Assert.Equal((4L, 2, 1, 5), (it.Status.ObservedGeneration, it.Status.DesiredNumberScheduled, it.Status.CurrentNumberScheduled, it.Status.UpdatedNumberScheduled));
            Assert.Equal((3, 6, 7), (it.Status.NumberReady, it.Status.NumberAvailable, it.Status.NumberUnavailable));
        }
    }

    [Fact]
    public async Task An_event_reads_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta)
            .Message(2, involved => involved.Text(1, "Pod").Text(2, "shop").Text(3, "web-1").Text(4, "u").Text(5, "v1").Text(7, "spec.containers{istio-proxy}"))
            .Text(3, "Unhealthy").Text(4, "Readiness probe failed").Message(5, source => source.Text(1, "kubelet"))
            .Time(6, Noon).Time(7, Noon.AddMinutes(1)).Number(8, 3).Text(9, "Warning").Time(10, Noon.AddTicks(10)));
        const string json = "{\"kind\":\"Event\"," + MetaJson + """
            ,"involvedObject":{"kind":"Pod","namespace":"shop","name":"web-1","uid":"u","apiVersion":"v1","fieldPath":"spec.containers{istio-proxy}"},
            "reason":"Unhealthy","message":"Readiness probe failed","source":{"component":"kubelet"},"firstTimestamp":"2026-01-02T12:00:00Z","lastTimestamp":"2026-01-02T12:01:00Z",
            "count":3,"type":"Warning","eventTime":"2026-01-02T12:00:00.000001Z"}
            """;

        foreach (var it in await BothAsync(Resources.Events, protobuf, json))
        {
            Assert.Equal(new ObjectReference { Kind = "Pod", Namespace = "shop", Name = "web-1", Uid = "u", FieldPath = "spec.containers{istio-proxy}" }, it.InvolvedObject);
            Assert.Equal(("Unhealthy", "Readiness probe failed", "Warning", 3), (it.Reason, it.Message, it.Type, it.Count));
            Assert.Equal((Noon, Noon.AddMinutes(1), Noon.AddTicks(10)), (it.FirstTimestamp, it.LastTimestamp, it.EventTime));
        }
    }

    [Fact]
    public async Task Webhooks_read_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta)
            .Message(2, webhook => webhook.Text(1, "sidecar").Text(4, "Fail").Message(5, Selector)
                .Message(2, client => client.Message(1, service => service.Text(1, "istio-system").Text(2, "istiod").Text(3, "/inject").Number(4, 443)).Bytes(2, [1, 2])))
            .Message(2, webhook => webhook.Text(1, "other").Text(4, "Ignore").Message(11, Selector).Message(2, client => client.Text(3, "https://x/"))));
        const string json = "{\"kind\":\"MutatingWebhookConfiguration\"," + MetaJson + ",\"webhooks\":[{\"name\":\"sidecar\",\"failurePolicy\":\"Fail\",\"namespaceSelector\":{\"matchLabels\":{\"app\":\"web\"},\"matchExpressions\":[{\"key\":\"tier\",\"operator\":\"In\",\"values\":[\"a\",\"b\"]}]}" + """
            ,"clientConfig":{"service":{"namespace":"istio-system","name":"istiod","path":"/inject","port":443},"caBundle":"AQI="}},
            {"name":"other","failurePolicy":"Ignore","objectSelector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]}]},"clientConfig":{"url":"https://x/"}}]}
            """;

        foreach (var it in await BothAsync(Resources.MutatingWebhookConfigurations, protobuf, json))
        {
            Assert.Equal(("sidecar", "Fail"), (it.Webhooks[0].Name, it.Webhooks[0].FailurePolicy));
            Assert.Equal(new WebhookClientConfig { Service = new() { Namespace = "istio-system", Name = "istiod", Path = "/inject", Port = 443 } }, it.Webhooks[0].ClientConfig);
            AssertSelector(it.Webhooks[0].NamespaceSelector!);
            Assert.Null(it.Webhooks[0].ObjectSelector);
            Assert.Equal(new WebhookClientConfig { Url = "https://x/" }, it.Webhooks[1].ClientConfig);
            AssertSelector(it.Webhooks[1].ObjectSelector!);
        }
    }

    [Fact]
    public async Task Nodes_read_the_same_from_both()
    {
        var protobuf = ProtobufWriter.Of(item => item.Message(1, Meta).Message(2, spec => spec.Text(1, "10.0.0.0/16").Bool(4, true))
            .Message(3, status => status.Message(4, condition => condition.Text(1, "DiskPressure").Text(2, "False"))
                .Message(4, condition => condition.Text(1, "Ready").Text(2, "Unknown").Time(3, Noon).Time(4, Noon.AddHours(1)).Text(5, "NodeStatusUnknown").Text(6, "Kubelet stopped posting node status."))));
        const string json = "{\"kind\":\"Node\"," + MetaJson + """
            ,"spec":{"podCIDR":"10.0.0.0/16","unschedulable":true},"status":{"conditions":[{"type":"DiskPressure","status":"False"},
            {"type":"Ready","status":"Unknown","lastHeartbeatTime":"2026-01-02T12:00:00Z","lastTransitionTime":"2026-01-02T13:00:00Z","reason":"NodeStatusUnknown","message":"Kubelet stopped posting node status."}]}}
            """;

        foreach (var it in await BothAsync(Resources.Nodes, protobuf, json))
        {
            Assert.Equal("web", it.Metadata.Name);
            Assert.True(it.Spec.Unschedulable);
            Assert.Equal(
                [new Condition { Type = "DiskPressure", Status = "False" },
                 new Condition { Type = "Ready", Status = "Unknown", Reason = "NodeStatusUnknown", Message = "Kubelet stopped posting node status.", LastTransitionTime = Noon.AddHours(1) }],
                it.Status.Conditions);
        }
    }

    [Fact]
    public async Task Namespaces_and_ConfigMaps_read_the_same_from_both()
    {
        foreach (var it in await BothAsync(Resources.Namespaces, ProtobufWriter.Of(item => item.Message(1, Meta).Message(3, status => status.Text(1, "Active"))), "{\"kind\":\"Namespace\"," + MetaJson + ",\"status\":{\"phase\":\"Active\"}}"))
        {
            Assert.Equal("Active", it.Status.Phase);
        }
        foreach (var it in await BothAsync(Resources.ConfigMaps, ProtobufWriter.Of(item => item.Message(1, Meta).Entry(2, "values", "größer").Entry(2, "config", "{}")), "{\"kind\":\"ConfigMap\"," + MetaJson + ",\"data\":{\"values\":\"größer\",\"config\":\"{}\"}}"))
        {
            Assert.Equal(("größer", "{}", 2), (it.Data["values"], it.Data["config"], it.Data.Count));
            Assert.False(it.Data.ContainsKey("nothing"));
            Assert.Throws<KeyNotFoundException>(() => it.Data["nothing"]);
        }
    }

    [Fact]
    public async Task A_big_map_finds_its_entries_too()
    {
        var keys = Enumerable.Range(0, 100).Select(i => $"key-{i * 37 % 100}").ToArray();
        var protobuf = ProtobufWriter.Of(item =>
        {
            item.Message(1, Meta);
            foreach (var key in keys) item.Entry(2, key, "first");
            foreach (var key in keys) item.Entry(2, key, key + "!");
        });
        await using var client = InTurn(Answer(ProtobufWriter.Envelope("v1", "ConfigMap", protobuf), ScriptedServer.Protobuf)).NewClient();

        var map = (await client.GetAsync(Resources.ConfigMaps, "shop", "web", Cancel)).Data;

        Assert.Equal(100, map.Count);
        Assert.All(keys, key => Assert.Equal(key + "!", map[key]));
        Assert.False(map.ContainsKey("key-"));
    }

    private static void AssertSelector(LabelSelector selector)
    {
        Assert.Equal([new("app", "web")], selector.MatchLabels);
        var requirement = selector.MatchExpressions.Single();
        Assert.Equal(("tier", "In"), (requirement.Key, requirement.Operator));
        Assert.Equal(["a", "b"], requirement.Values);
    }

    // kubectl's copy of the object is left out on purpose.
    private static void AssertTemplate(PodTemplate template)
    {
        Assert.Equal([new("kubectl.kubernetes.io/restartedAt", "then")], template.Metadata.Annotations);
        Assert.Equal([new Container { Name = "app", Image = "web:1", RestartPolicy = "Always", StartupProbe = new() { InitialDelaySeconds = 4, PeriodSeconds = 15, SuccessThreshold = 1, FailureThreshold = 40 } }], template.Spec.Containers);
        Assert.Empty(template.Spec.InitContainers);
    }

    private static async Task<T[]> BothAsync<T>(Resource<T> resource, byte[] protobuf, string json) where T : class, IKubernetesObject
    {
        var answers = InTurn(Answer(ProtobufWriter.Envelope(resource.GroupVersion, resource.Kind, protobuf), ScriptedServer.Protobuf), Answer(Encoding.UTF8.GetBytes(json)));
        await using var client = answers.NewClient();
        return [await client.GetAsync(resource, "shop", "web", Cancel), await client.GetAsync(resource, "shop", "web", Cancel)];
    }
}
