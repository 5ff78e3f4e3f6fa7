using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using static MeshRoll.Core.Tests.Preflight.Subjects;

namespace MeshRoll.Core.Tests.Preflight;

/// <summary>Where rules end: what is left out, what nobody says, what makes no sense, and what is not known.</summary>
public sealed class ReadinessEdgesTests
{
    private const string Idle = """{"metadata":{"name":"b"},"spec":{"maxUnavailable":0,"selector":{"matchLabels":{"app":"web"}}},"status":{"disruptionsAllowed":0}}""";

    [Fact]
    public void A_budget_without_a_status_or_of_a_workload_without_pods_says_nothing_and_one_by_maxUnavailable_is_named_as_such()
    {
        Assert.Equal("disruption budget b allows no disruption now (maxUnavailable 0; 0 healthy pods, 0 wanted)", Single("BudgetAllowsNothing", Of() with { Budgets = Items(Idle) }).Seen);
        Expect("BudgetAllowsNothing", false, Of() with { Budgets = Items(Idle), Replicas = 0 });
        Expect("BudgetAllowsNothing", false, Of() with { Budgets = Items("""{"spec":{"selector":{}}}""") });
        // A server gives everything a name; a test of a name that is missing keeps the sentence whole.
        Assert.StartsWith("disruption budget  allows", Single("BudgetAllowsNothing", Of() with { Budgets = Items(Idle.Replace("\"name\":\"b\"", "", StringComparison.Ordinal)) }).Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "maxReplicas":3 """, true)]
    [InlineData(""" "maxReplicas":3,"minReplicas":3 """, false)]
    [InlineData(""" "minReplicas":1 """, false)]
    public void An_autoscaler_without_a_minimum_has_one_pod_at_least(string limits, bool wrong) =>
        Expect("AutoscalerAtLimit", wrong, Of() with { Autoscalers = Items($$"""{"metadata":{"name":"web"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},{{limits}} } }""", """{"spec":{"scaleTargetRef":{"kind":"Deployment","name":"other"}}}""", """{"spec":{"scaleTargetRef":{"kind":"StatefulSet","name":"web"}}}""") });

    [Theory]
    [InlineData("pods", "3", "3", true)]
    [InlineData("count/pods", "3", "3", true)]
    [InlineData("cpu", "1", "900m", true)]
    [InlineData("requests.cpu", "2", "900m", false)]
    [InlineData("memory", "300Mi", "100Mi", true)]
    [InlineData("requests.memory", "300Mi", "100Mi", true)]
    [InlineData("limits.cpu", "1", "1", true)]
    [InlineData("limits.memory", "1Gi", "1Gi", true)]
    [InlineData("services", "1", "1", false)]
    [InlineData("pods", "many", "3", false)]
    [InlineData("pods", "0", null, true)]
    public void A_quota_counts_what_one_more_pod_takes(string resource, string hard, string? used, bool wrong)
    {
        var subject = Of(spec => Container(spec)["resources"]!["limits"] = JsonNode.Parse("""{"cpu":"1","memory":"512Mi"}"""));
        var counted = used is null ? "{}" : $$"""{"{{resource}}":"{{used}}"}""";
        Expect("QuotaTooSmall", wrong, subject with { Quotas = Items($$"""{"metadata":{"name":"q"},"status":{"hard":{"{{resource}}":"{{hard}}"},"used":{{counted}} } }""") });
    }

    [Fact]
    public void A_workload_without_containers_images_or_pods_is_no_reason_to_fall_over()
    {
        Assert.All(new[] { null, "", "auto" }, image => Expect("MovingTag", false, Of(spec => Container(spec)["image"] = image)));
        Assert.DoesNotContain(Findings(Of(spec => spec["template"]!["spec"]!["containers"] = new JsonArray())), finding => finding.Severity == FindingSeverity.Error);
        var odd = Of(spec => spec["template"]!["spec"]!["containers"]!.AsArray().Add(new JsonObject { ["image"] = "auto" })) with { OldImages = TimeSpan.Zero };
        Expect("ImageOnNoNode", false, odd);
        Expect("ImageOnNoNode", false, odd with { Pods = new([]) });
        Expect("ImageOnNoNode", true, odd with { Images = Images("""{"status":{"images":[{"names":[null,"hub.example/other:1"]},{}]}}""") });
    }

    [Theory]
    [InlineData("docker.io/library/nginx", "nginx:latest")]
    [InlineData("nginx:1", "nginx:1")]
    [InlineData("hub:5000/a", "hub:5000/a:latest")]
    [InlineData("a@sha256:1", "a@sha256:1")]
    public void One_image_has_one_name(string image, string expected) => Assert.Equal(expected, NodeImages.Normal(image));

    [Fact]
    public void Probes_are_judged_by_what_is_known_of_starts()
    {
        var unseen = Of(spec => { Container(spec).Remove("startupProbe"); Container(spec)["livenessProbe"] = Probe(10, 2); }) with { Pods = new(null, "no right") };
        Assert.EndsWith("gives up after 20 s, there is no startup probe, and how long it starts is not known", Single("LivenessKillsStart", unseen).Seen, StringComparison.Ordinal);
        Expect("LivenessKillsStart", false, Of(spec => { Container(spec).Remove("startupProbe"); Container(spec)["livenessProbe"] = Probe(10, 3); }) with { Pods = new(null, "no right") });
        Expect("LivenessKillsStart", false, Of(spec => Container(spec).Remove("livenessProbe")));
        // What restarted, does not run or was never ready says nothing of a healthy start.
        var pods = new[] { ReadyPod("a", 500), ReadyPod("b", 500), ReadyPod("c", 500, ready: false) };
        pods[0] = pods[0] with { Status = pods[0].Status with { ContainerStatuses = [pods[0].Status.ContainerStatuses[0] with { RestartCount = 1 }] } };
        pods[1] = pods[1] with { Status = pods[1].Status with { ContainerStatuses = [new() { Name = "app" }] } };
        Expect("DeadlineTooShort", false, Of(spec => { spec["progressDeadlineSeconds"] = 301; spec["minReadySeconds"] = null; }) with { Pods = new(pods) });
        Expect("DeadlineTooShort", true, Of(spec => spec["progressDeadlineSeconds"] = 300));
        Expect("DeadlineTooShort", false, Of(spec => spec.Remove("progressDeadlineSeconds")));
        Expect("DeadlineTooShort", true, Of(spec => { spec["progressDeadlineSeconds"] = 400; spec["minReadySeconds"] = 101; }));
    }

    [Fact]
    public void Pods_are_ready_by_their_condition_and_none_are_missed_of_a_workload_that_wants_none()
    {
        var pod = ReadyPod("a") with { Status = new() { Conditions = [new() { Type = "Initialized", Status = "True" }, new() { Type = "Ready", Status = "Unknown" }] } };
        Assert.Equal((FindingSeverity.Error, "0 of 3 pods are ready"), Seen("PodsNotReady", Of() with { Pods = new([pod]) }));
        Assert.Equal((FindingSeverity.Warning, "2 of 3 pods are ready"), Seen("PodsNotReady", Of() with { Pods = new([ReadyPod("a"), ReadyPod("b"), pod]) }));
        Expect("PodsNotReady", false, Of() with { Pods = new([]), Replicas = 0 });
    }

    [Fact]
    public void A_readiness_probe_is_proposed_where_a_port_is_known_and_the_kind_takes_it()
    {
        var without = Of(spec => Container(spec).Remove("readinessProbe"));
        Assert.Contains("/ready on port 8080 is a guess", Single("NoReadinessProbe", without).Caution, StringComparison.Ordinal);
        Assert.True(Single("NoReadinessProbe", without).Patch!.IsGuess);
        var portless = Single("NoReadinessProbe", Of(spec => { Container(spec).Remove("readinessProbe"); Container(spec).Remove("ports"); }));
        Assert.Equal(("", "Add a readiness probe that asks what the container serves."), (portless.Fix, portless.Advice));
        Assert.Null(Single("NoReadinessProbe", Of(spec => Container(spec).Remove("readinessProbe"), "Rollout")).Patch);
        // A helper beside a container that has one needs none.
        Expect("NoReadinessProbe", false, Of(spec => spec["template"]!["spec"]!["containers"]!.AsArray().Add(new JsonObject { ["name"] = "helper" })));
    }

    [Fact]
    public void A_pause_is_proposed_with_the_time_it_needs()
    {
        var hasty = Single("NoDrain", Of(spec => { Container(spec).Remove("lifecycle"); spec["template"]!["spec"]!["terminationGracePeriodSeconds"] = 10; }));
        Assert.Contains("terminationGracePeriodSeconds: 30", hasty.Fix, StringComparison.Ordinal);
        Assert.Equal("The image needs a command sleep.", hasty.Caution);
        Assert.DoesNotContain("terminationGracePeriodSeconds", Single("NoDrain", Of(spec => Container(spec).Remove("lifecycle"))).Fix, StringComparison.Ordinal);
        Assert.Null(Single("NoDrain", Of(spec => Container(spec).Remove("lifecycle"), "Rollout")).Patch);
    }

    [Fact]
    public void Draining_is_the_meshs_or_the_pods_own()
    {
        var hasty = Of(spec => Container(spec).Remove("lifecycle"));
        Assert.False(Single("NoDrain", hasty with { Proxy = new(null, "no right to get configmaps") }).Checked);
        Expect("NoDrain", false, hasty with { Proxy = new(new(false, 30)) });
        Expect("NoDrain", true, hasty with { Proxy = new(new(false, 5)) });
        Expect("NoDrain", true, hasty with { Mesh = null });
        Expect("NoDrain", true, Of(spec => { Container(spec).Remove("lifecycle"); spec["template"]!["metadata"]!.AsObject().Remove("annotations"); }));
        Expect("NoDrain", true, Annotated(hasty, SidecarContainers.Istio, "proxy.istio.io/config", "terminationDrainDuration: 3s"));
        Expect("NoDrain", false, Annotated(hasty, SidecarContainers.Istio, "proxy.istio.io/config", "terminationDrainDuration: 20s"));
        Expect("NoDrain", false, Annotated(hasty, SidecarContainers.Linkerd, "config.alpha.linkerd.io/proxy-wait-before-exit-seconds", "20"));
        Expect("NoDrain", true, Annotated(hasty, SidecarContainers.Linkerd, "config.alpha.linkerd.io/proxy-wait-before-exit-seconds", "soon"));
        Expect("NoDrain", false, Annotated(hasty, SidecarContainers.Consul, "consul.hashicorp.com/sidecar-proxy-lifecycle-shutdown-grace-period-seconds", "20"));
        Expect("NoDrain", true, Annotated(hasty, SidecarContainers.Consul, "consul.hashicorp.com/sidecar-proxy-lifecycle-shutdown-grace-period-seconds", "soon"));
        Expect("LinkerdEndsEarly", false, hasty with { Mesh = SidecarContainers.Linkerd });
        Expect("ConsulEndsEarly", false, hasty with { Mesh = SidecarContainers.Consul, Services = new([]) });
        Expect("ConsulEndsEarly", false, hasty with { Mesh = SidecarContainers.Consul, NativeSidecar = true });
    }

    [Theory]
    [InlineData("disabled", true)]
    [InlineData("enabled", false)]
    public void Linkerds_proxy_is_awaited_unless_somebody_says_otherwise(string wish, bool wrong)
    {
        Expect("ProxyNotAwaited", wrong, Annotated(Of(), SidecarContainers.Linkerd, "config.linkerd.io/proxy-await", wish));
        Expect("ProxyNotAwaited", false, Of() with { Mesh = SidecarContainers.Linkerd });
        Expect("ProxyNotAwaited", false, Annotated(Of(), SidecarContainers.Linkerd, "config.linkerd.io/proxy-await", wish) with { NativeSidecar = true });
    }

    [Theory]
    [InlineData("holdApplicationUntilProxyStarts: true", false, "")]
    [InlineData("holdApplicationUntilProxyStarts: false", false, "switches holdApplicationUntilProxyStarts off")]
    // Says nothing of it: the mesh decides, and the annotation is the owner's to change.
    [InlineData("concurrency: 2", false, "is off in the mesh")]
    [InlineData("concurrency: 2", true, "")]
    [InlineData("", false, "is off in the mesh")]
    [InlineData("a: [", false, "is off in the mesh")]
    public void Istios_proxy_is_awaited_by_the_pods_word_and_then_by_the_meshs(string config, bool mesh, string says)
    {
        var subject = Annotated(Of(), SidecarContainers.Istio, "proxy.istio.io/config", config) with { Proxy = new(new(mesh, null)) };
        if (says.Length == 0)
        {
            Expect("ProxyNotAwaited", false, subject);
            return;
        }
        var finding = Single("ProxyNotAwaited", subject);
        Assert.Contains(says, finding.Seen, StringComparison.Ordinal);
        Assert.True(finding is { Fix: "", Advice.Length: > 0 }, finding.Advice);
    }

    [Fact]
    public void Services_matter_to_workloads_with_pods()
    {
        var nobody = new ServiceSight(Item("""{"metadata":{"name":"web"}}"""), 0);
        Expect("ServiceWithoutEndpoints", true, Of() with { Services = new([nobody]) });
        Expect("ServiceWithoutEndpoints", false, Of() with { Services = new([nobody]), Replicas = 0 });
        Assert.False(Single("ServiceWithoutEndpoints", Of() with { Services = new([nobody with { ReadyAddresses = null }]) }).Checked);
        Assert.Equal("service  selects its pods and has no ready address", Single("ServiceWithoutEndpoints", Of() with { Services = new([new(Item("{}"), 0)]) }).Seen);
    }

    [Fact]
    public void Routes_matter_where_Istio_injects_and_a_Service_is_meant()
    {
        var routes = Items("""{"kind":"DestinationRule","metadata":{"name":"r"},"spec":{"host":"web"}}""", """{"kind":"DestinationRule","metadata":{"name":"o"},"spec":{"host":"other"}}""", "{}", """{"spec":{"http":[{},{"route":[{"destination":{"host":"other"}}]}]}}""");
        Expect("NoRetries", true, Of() with { Routes = routes });
        Expect("NoRetries", false, Of() with { Routes = routes, Mesh = SidecarContainers.Linkerd });
        Expect("NoRetries", false, Of());
        Expect("NoRetries", false, Of() with { Routes = routes, Services = new([]) });
        Expect("NoRetries", false, Of() with { Routes = routes, Services = new(null, "no right") });
        Assert.False(Single("NoRetries", Of() with { Routes = new Known<IReadOnlyList<JsonElement>>(null, "no right") }).Checked);
        Expect("NoRetries", false, Of() with { Routes = Items("""{"kind":"DestinationRule","spec":{"host":"web.shop","trafficPolicy":{"outlierDetection":{}}}}"""), Services = new([new(Item("{}"), 1), new(Item("""{"metadata":{"name":"web"}}"""), 1)]) });
    }

    [Fact]
    public void Amounts_that_nobody_gives_are_Kubernetes_own_and_nonsense_is_nothing()
    {
        // A DaemonSet misses one node's pod at a time, and has no surge.
        Expect("TakesAllAtOnce", false, Of(spec => { spec.Remove("strategy"); spec["updateStrategy"] = JsonNode.Parse("""{"type":"RollingUpdate"}"""); }, "DaemonSet", 3));
        Expect("TakesAllAtOnce", true, Of(spec => { spec.Remove("strategy"); spec["updateStrategy"] = JsonNode.Parse("""{"rollingUpdate":{"maxUnavailable":"100%"}}"""); }, "DaemonSet", 3));
        Expect("TakesAllAtOnce", false, Of(spec => spec["strategy"] = JsonNode.Parse("""{"rollingUpdate":{"maxUnavailable":"many"}}""")));
        Expect("NoRoomToMove", false, Of(spec => spec.Remove("strategy")));
        Assert.Equal(0, MeshRoll.Core.Preflight.Rules.UpdateRules.Surge(Of(spec => spec.Remove("strategy"), "DaemonSet", 3)));
    }

    [Fact]
    public void What_is_missing_in_JSON_is_missing_and_no_error()
    {
        Assert.Equal("", default(Known<string>).Problem);
        Assert.False(default(Known<string>).Is);
        Assert.Null(Quantity.Read("m"));
        Assert.Null(Quantity.Read(""));
        Assert.True(Selectors.Selects(Item("""{"matchExpressions":[{"key":"app","operator":"In","values":[null,"web"]}]}"""), new Dictionary<string, string> { ["app"] = "web" }));
        Assert.False(Selectors.Selects(Item("""{"matchExpressions":[{}]}"""), new Dictionary<string, string> { ["app"] = "web" }));
        var fix = ReadinessFix.Of("Deployment", Item("{}"), new() { ["spec"] = new JsonObject { ["replicas"] = null } });
        Assert.Equal(("", ""), (fix.Name, fix.Uid));
        Assert.Null(ReadinessFix.OfContainer(Of(), Item("""{"name":"app"}"""), new() { ["lifecycle"] = null })!.Patch["spec"]!["template"]!["spec"]!["containers"]![0]!["lifecycle"]);
        Assert.Null(ProxyConfigText.OfMesh("")?.DrainSeconds);
    }

    private static JsonNode Probe(int period, int failures) => new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/live", ["port"] = 8080 }, ["periodSeconds"] = period, ["failureThreshold"] = failures };

    private static ReadinessSubject Annotated(ReadinessSubject subject, string mesh, string annotation, string value)
    {
        var json = JsonObject.Create(subject.Json)!.DeepClone().AsObject();
        json["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { [annotation] = value };
        return subject with { Mesh = mesh, Json = JsonSerializer.SerializeToElement(json) };
    }

    private static (FindingSeverity Severity, string Seen) Seen(string rule, ReadinessSubject subject) => Single(rule, subject) is var finding ? (finding.Severity, finding.Seen) : default;

    private static MeshReadinessFinding Single(string rule, ReadinessSubject subject) => Assert.Single(Findings(subject), finding => finding.Id == rule);

    private static void Expect(string rule, bool wrong, ReadinessSubject subject) =>
        Assert.True(Findings(subject).Any(finding => finding.Id == rule && finding.Checked) == wrong, $"{rule}: {string.Join("; ", Findings(subject).Select(finding => $"{finding.Id} {finding.Seen}"))}");
}
