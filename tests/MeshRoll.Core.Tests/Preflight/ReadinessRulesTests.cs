using System.Text.Json.Nodes;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using static MeshRoll.Core.Tests.Preflight.Subjects;

namespace MeshRoll.Core.Tests.Preflight;

public class ReadinessRulesTests
{
    private const string Budget = """{"metadata":{"name":"NAME"},"spec":{"minAvailable":3,"selector":{"matchLabels":{"app":"web"}}},"status":{"disruptionsAllowed":LEFT,"currentHealthy":3,"desiredHealthy":3}}""";

    [Fact]
    public void Nothing_is_said_of_a_workload_with_nothing_wrong() => Assert.Empty(Findings(Of()));

    [Fact]
    public void Ids_are_different_and_every_rule_says_why()
    {
        Assert.Equal(ReadinessRules.Ids.Count, ReadinessRules.Ids.Distinct().Count());
        Assert.All(ReadinessRules.All, rule => Assert.EndsWith(".", rule.Why, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_readiness_probe_a_workload_that_serves_is_in_error_and_another_warned_of()
    {
        Assert.Equal(FindingSeverity.Error, Single("NoReadinessProbe", Of(spec => Container(spec).Remove("readinessProbe"))).Severity);
        var alone = Of(spec => Container(spec).Remove("readinessProbe")) with { Services = new([]) };
        Assert.Equal(FindingSeverity.Warning, Single("NoReadinessProbe", alone).Severity);
    }

    [Theory]
    [InlineData("""{"exec":{"command":["true"]}}""", true)]
    [InlineData("""{"exec":{"command":["cat","/tmp/ready"]}}""", false)]
    [InlineData("""{"httpGet":{"path":"/healthz/ready","port":15021}}""", true)]
    [InlineData("""{"tcpSocket":{"port":8080}}""", true)]
    [InlineData("""{"tcpSocket":{"port":8080},"initialDelaySeconds":10}""", false)]
    [InlineData("""{"httpGet":{"path":"/ready","port":"http"}}""", false)]
    public void A_readiness_probe_that_is_content_too_early_is_seen(string probe, bool wrong) =>
        Expect("ReadinessTooEarly", wrong, Of(spec => Container(spec)["readinessProbe"] = JsonNode.Parse(probe)));

    [Theory]
    [InlineData(10, 3, 5, null)]
    [InlineData(10, 3, 27, FindingSeverity.Warning)]
    [InlineData(10, 3, 45, FindingSeverity.Error)]
    [InlineData(30, 10, 45, null)]
    public void A_liveness_probe_that_gives_up_before_pods_are_up_is_seen(int period, int failures, int startSeconds, FindingSeverity? expected)
    {
        var subject = Of(spec =>
        {
            Container(spec).Remove("startupProbe");
            Container(spec)["livenessProbe"]!["periodSeconds"] = period;
            Container(spec)["livenessProbe"]!["failureThreshold"] = failures;
        }) with
        { Pods = new([ReadyPod("web-1", startSeconds), ReadyPod("web-2"), ReadyPod("web-3")]) };
        Assert.Equal(expected, Found("LivenessKillsStart", subject).FirstOrDefault()?.Severity);
    }

    [Fact]
    public void A_liveness_probe_beside_a_startup_probe_is_fine_however_slow_the_start() =>
        Expect("LivenessKillsStart", false, Of() with { Pods = new([ReadyPod("web-1", 200), ReadyPod("web-2"), ReadyPod("web-3")]) });

    [Theory]
    [InlineData(600, 0, false)]
    [InlineData(300, 0, true)]
    [InlineData(600, 400, true)]
    public void A_progress_deadline_shorter_than_a_start_may_take_is_seen(int deadline, int minReady, bool wrong) => Expect("DeadlineTooShort", wrong, Of(spec =>
    {
        spec["progressDeadlineSeconds"] = deadline;
        spec["minReadySeconds"] = minReady;
    }));

    [Fact]
    public void Pods_that_are_not_ready_already_are_told_and_none_at_all_is_an_error()
    {
        var (up, down) = (ReadyPod("web-1"), ReadyPod("web-2", ready: false));
        Assert.Equal(FindingSeverity.Warning, Single("PodsNotReady", Of() with { Pods = new([up, up, down]) }).Severity);
        Assert.Equal(FindingSeverity.Error, Single("PodsNotReady", Of() with { Pods = new([down]) }).Severity);
    }

    [Fact]
    public void Without_preStop_and_drain_time_a_workload_that_serves_is_warned_of()
    {
        var bare = Of(spec => Container(spec).Remove("lifecycle"));
        Assert.Contains("sleep", Single("NoDrain", bare).Fix, StringComparison.Ordinal);
        Expect("NoDrain", false, bare with { Proxy = new(new(false, 30)) });
        Expect("NoDrain", false, bare with { Services = new([]) });
        Expect("NoDrain", false, Of(spec =>
        {
            Container(spec).Remove("lifecycle");
            spec["template"]!["metadata"]!["annotations"]!["proxy.istio.io/config"] = "holdApplicationUntilProxyStarts: true\nterminationDrainDuration: 20s";
        }));
    }

    [Theory]
    [InlineData("""["sleep","60"]""", true)]
    [InlineData("""["sh","-c","nginx -s quit; sleep 50"]""", true)]
    [InlineData("""["sleep","10"]""", false)]
    [InlineData("""["nginx","-s","quit"]""", false)]
    public void A_preStop_that_outlasts_the_grace_period_is_seen(string command, bool wrong) =>
        Expect("PreStopTooLong", wrong, Of(spec => Container(spec)["lifecycle"]!["preStop"]!["exec"]!["command"] = JsonNode.Parse(command)));

    [Fact]
    public void The_newer_sleep_action_counts_as_well() =>
        Expect("PreStopTooLong", true, Of(spec => Container(spec)["lifecycle"]!["preStop"] = JsonNode.Parse("""{"sleep":{"seconds":45}}""")));

    [Theory]
    [InlineData(0, FindingSeverity.Error)]
    [InlineData(9, FindingSeverity.Warning)]
    [InlineData(10, null)]
    public void A_short_grace_period_is_seen(int seconds, FindingSeverity? expected) => Assert.Equal(expected, Found("GracePeriodShort", Of(spec =>
    {
        spec["template"]!["spec"]!["terminationGracePeriodSeconds"] = seconds;
        Container(spec)["lifecycle"] = JsonNode.Parse("""{"preStop":{"exec":{"command":["/drain"]}}}""");
    })).FirstOrDefault()?.Severity);

    [Theory]
    [InlineData("grpc", true)]
    [InlineData("grpc-api", true)]
    [InlineData("http", false)]
    public void Ports_with_connections_that_last_are_hinted_at(string port, bool hinted) => Expect("LongConnections", hinted, Of(spec => Container(spec)["ports"]![0]!["name"] = port));

    [Fact]
    public void One_pod_that_surges_is_worth_a_word_and_one_that_does_not_is_an_error()
    {
        Assert.Equal(FindingSeverity.Information, Single("OneReplica", Of(spec => spec["replicas"] = 1)).Severity);
        Assert.Equal(FindingSeverity.Error, Single("OneReplica", Of(spec => spec["replicas"] = 1, "StatefulSet")).Severity);
        Expect("OneReplica", false, Of(null, "DaemonSet", 1));
    }

    [Fact]
    public void Recreate_is_an_error() => Assert.Equal(FindingSeverity.Error, Single("Recreate", Of(spec => spec["strategy"] = JsonNode.Parse("""{"type":"Recreate"}"""))).Severity);

    [Theory]
    [InlineData("\"100%\"", true)]
    [InlineData("3", true)]
    [InlineData("2", false)]
    [InlineData("\"99%\"", false)]
    public void A_rolling_update_that_may_take_all_is_an_error(string amount, bool wrong) =>
        Expect("TakesAllAtOnce", wrong, Of(spec => spec["strategy"]!["rollingUpdate"]!["maxUnavailable"] = JsonNode.Parse(amount)));

    [Fact]
    public void Percentages_that_come_to_nothing_are_seen()
    {
        Expect("NoRoomToMove", true, Of(spec => spec["strategy"] = JsonNode.Parse("""{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"10%"}}""")));
        Expect("NoRoomToMove", false, Of(spec => spec["strategy"] = JsonNode.Parse("""{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"34%"}}""")));
    }

    [Theory]
    [InlineData("pods", "10", "10", FindingSeverity.Error)]
    [InlineData("pods", "10", "9", null)]
    [InlineData("requests.cpu", "4", "3600m", FindingSeverity.Error)]
    [InlineData("requests.cpu", "4", "3500m", null)]
    [InlineData("requests.memory", "1Gi", "800Mi", FindingSeverity.Error)]
    [InlineData("services", "1", "1", null)]
    public void A_quota_without_room_for_one_more_pod_is_seen(string resource, string hard, string used, FindingSeverity? expected)
    {
        var quota = $$$"""{"metadata":{"name":"team"},"status":{"hard":{"{{{resource}}}":"{{{hard}}}"},"used":{"{{{resource}}}":"{{{used}}}"} } }""";
        Assert.Equal(expected, Found("QuotaTooSmall", Of() with { Quotas = Items(quota) }).FirstOrDefault()?.Severity);
    }

    [Fact]
    public void A_quota_hurts_less_where_a_pod_may_be_missing()
    {
        const string full = """{"metadata":{"name":"team"},"status":{"hard":{"pods":"3"},"used":{"pods":"3"}}}""";
        var subject = Of(spec => spec["strategy"]!["rollingUpdate"]!["maxUnavailable"] = 1) with { Quotas = Items(full) };
        Assert.Equal(FindingSeverity.Warning, Single("QuotaTooSmall", subject).Severity);
    }

    [Fact]
    public void Room_on_nodes_is_looked_at_when_wanted()
    {
        Expect("NoNodeRoom", false, Of());
        Expect("NoNodeRoom", true, Of() with { Room = Rooms(new("node-1", 0.4m, 1L << 30, 10), new("node-2", 4, 1L << 30, 0)) });
        Expect("NoNodeRoom", false, Of() with { Room = Rooms(new("node-1", 0.4m, 1L << 30, 10), new("node-2", 4, 1L << 30, 1)) });
    }

    [Fact]
    public void A_budget_that_allows_nothing_is_seen_with_the_patch_of_the_budget()
    {
        var finding = Single("BudgetAllowsNothing", Of() with { Budgets = Items(Budget.Replace("NAME", "tight", StringComparison.Ordinal).Replace("LEFT", "0", StringComparison.Ordinal)) });
        Assert.Contains("kubectl patch poddisruptionbudget tight -n shop", finding.FixCommand, StringComparison.Ordinal);
        Expect("BudgetAllowsNothing", false, Of() with { Budgets = Items(Budget.Replace("LEFT", "1", StringComparison.Ordinal)) });
        Expect("BudgetAllowsNothing", false, Of() with { Budgets = Items(Budget.Replace("web", "other", StringComparison.Ordinal).Replace("LEFT", "0", StringComparison.Ordinal)) });
    }

    [Fact]
    public void Two_budgets_on_the_same_pods_are_an_error()
    {
        var one = Budget.Replace("LEFT", "1", StringComparison.Ordinal);
        Assert.Contains("a and b", Single("TwoBudgets", Of() with { Budgets = Items(one.Replace("NAME", "b", StringComparison.Ordinal), one.Replace("NAME", "a", StringComparison.Ordinal)) }).Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void An_autoscaler_at_its_limit_is_seen(int most, bool wrong) => Expect("AutoscalerAtLimit", wrong, Of() with
    {
        Autoscalers = Items($$$"""{"metadata":{"name":"web"},"spec":{"minReplicas":1,"maxReplicas":{{{most}}},"scaleTargetRef":{"kind":"Deployment","name":"web"} } }"""),
    });

    [Fact]
    public void An_application_that_does_not_wait_for_its_proxy_is_seen()
    {
        var plain = Of(spec => spec["template"]!["metadata"]!["annotations"] = new JsonObject());
        Assert.Contains("holdApplicationUntilProxyStarts: true", Single("ProxyNotAwaited", plain).Fix, StringComparison.Ordinal);
        Expect("ProxyNotAwaited", false, plain with { Proxy = new(new(true, null)) });
        Expect("ProxyNotAwaited", false, plain with { NativeSidecar = true });
        Expect("ProxyNotAwaited", false, plain with { Mesh = null });
        Expect("ProxyNotAwaited", true, Of(spec => spec["template"]!["metadata"]!["annotations"]!["proxy.istio.io/config"] = "holdApplicationUntilProxyStarts: false"));
    }

    [Fact]
    public void A_service_that_reaches_nobody_is_an_error()
    {
        var service = Item("""{"metadata":{"name":"web"}}""");
        Expect("ServiceWithoutEndpoints", true, Of() with { Services = new([new(service, 0)]) });
        Assert.False(Single("ServiceWithoutEndpoints", Of() with { Services = new([new(service, null)]) }).Checked);
    }

    [Theory]
    [InlineData("""{"kind":"VirtualService","metadata":{"name":"web"},"spec":{"http":[{"route":[{"destination":{"host":"web"}}],"retries":{"attempts":0}}]}}""", FindingSeverity.Warning)]
    [InlineData("""{"kind":"VirtualService","metadata":{"name":"web"},"spec":{"http":[{"route":[{"destination":{"host":"web.shop.svc.cluster.local"}}]}]}}""", FindingSeverity.Information)]
    [InlineData("""{"kind":"VirtualService","metadata":{"name":"web"},"spec":{"http":[{"route":[{"destination":{"host":"web"}}],"retries":{"attempts":3}}]}}""", null)]
    [InlineData("""{"kind":"VirtualService","metadata":{"name":"web"},"spec":{"http":[{"route":[{"destination":{"host":"other"}}],"retries":{"attempts":0}}]}}""", null)]
    [InlineData("""{"kind":"DestinationRule","metadata":{"name":"web"},"spec":{"host":"web"}}""", FindingSeverity.Information)]
    [InlineData("""{"kind":"DestinationRule","metadata":{"name":"web"},"spec":{"host":"web","trafficPolicy":{"outlierDetection":{"consecutive5xxErrors":3}}}}""", null)]
    public void Routes_without_retries_are_seen(string route, FindingSeverity? expected) =>
        Assert.Equal(expected, Found("NoRetries", Of() with { Routes = Items(route) }).FirstOrDefault()?.Severity);

    [Fact]
    public void Linkerd_that_ends_before_the_application_is_seen()
    {
        var linkerd = Of() with { Mesh = SidecarContainers.Linkerd };
        Assert.Contains("proxy-wait-before-exit-seconds: \"15\"", Single("LinkerdEndsEarly", linkerd).Fix, StringComparison.Ordinal);
        Expect("LinkerdEndsEarly", false, linkerd with { NativeSidecar = true });
        Expect("LinkerdEndsEarly", false, Of());
    }

    [Fact]
    public void Consul_that_ends_before_the_application_is_seen()
    {
        Expect("ConsulEndsEarly", true, Of() with { Mesh = SidecarContainers.Consul });
        Expect("ConsulEndsEarly", false, Of(spec => spec["template"]!["metadata"]!["annotations"]!["consul.hashicorp.com/sidecar-proxy-lifecycle-shutdown-grace-period-seconds"] = "20") with { Mesh = SidecarContainers.Consul });
    }

    [Theory]
    [InlineData("hub.example/web:latest", null, true)]
    [InlineData("hub.example/web", null, true)]
    [InlineData("hub.example:5000/web:latest", "IfNotPresent", false)]
    [InlineData("hub.example:5000/web:stable", null, false)]
    [InlineData("hub.example:5000/web:stable", "Always", true)]
    [InlineData("hub.example/web:1.4.2", "Always", false)]
    [InlineData("hub.example/web@sha256:0123", "Always", false)]
    public void A_tag_that_moves_and_is_pulled_anew_is_seen(string image, string? policy, bool wrong) => Expect("MovingTag", wrong, Of(spec =>
    {
        Container(spec)["image"] = image;
        if (policy is not null) Container(spec)["imagePullPolicy"] = policy;
    }));

    [Fact]
    public void A_pull_secret_that_is_not_there_is_an_error_and_unknown_without_the_right()
    {
        var subject = Of(spec => spec["template"]!["spec"]!["imagePullSecrets"] = JsonNode.Parse("""[{"name":"registry"}]"""));
        Assert.Equal(FindingSeverity.Error, Single("PullSecretMissing", subject).Severity);
        Expect("PullSecretMissing", false, subject with { Secrets = new(new HashSet<string> { "registry" }) });
        Assert.False(Single("PullSecretMissing", subject with { Secrets = new(null, "no right to list secrets in shop") }).Checked);
    }

    [Fact]
    public void An_old_pods_image_that_no_node_has_is_seen()
    {
        var old = Of() with { Pods = new([.. Enumerable.Range(1, 3).Select(number => ReadyPod($"web-{number}", ageDays: 30))]) };
        Expect("ImageOnNoNode", false, old);
        var gone = old with { Images = Images("""{"status":{"images":[{"names":["hub.example/other:1"]}]}}""") };
        Assert.Contains("30 days", Single("ImageOnNoNode", gone).Seen, StringComparison.Ordinal);
        Expect("ImageOnNoNode", false, gone with { OldImages = TimeSpan.FromDays(60) });
        Assert.False(Single("ImageOnNoNode", old with { Images = Images("""{"status":{}}""") }).Checked);
        var full = string.Join(',', Enumerable.Range(1, 50).Select(number => $$"""{"names":["i:{{number}}"]}"""));
        Assert.False(Single("ImageOnNoNode", old with { Images = Images($$$"""{"status":{"images":[{{{full}}}]}}""") }).Checked);
    }

    [Fact]
    public void Init_containers_that_have_not_run_for_long_are_told()
    {
        var subject = Of(spec => spec["template"]!["spec"]!["initContainers"] = JsonNode.Parse("""[{"name":"migrate","image":"hub.example/web:1.4.2"}]"""));
        var pod = ReadyPod("web-1");
        var last = pod with { Status = pod.Status with { InitContainerStatuses = [new() { Name = "migrate", State = new() { Terminated = new() { FinishedAt = Now.AddDays(-40) } } }] } };
        Assert.Contains("40 days", Single("InitNotTriedForLong", subject with { Pods = new([last, pod, pod]) }).Seen, StringComparison.Ordinal);
        Expect("InitNotTriedForLong", false, subject);
    }

    [Fact]
    public void What_cannot_be_read_is_not_checked_and_never_fine()
    {
        const string why = "no right to list it";
        var blind = Of(spec => spec["template"]!["metadata"]!["annotations"] = new JsonObject()) with
        {
            Pods = new(null, why),
            Budgets = new(null, why),
            Autoscalers = new(null, why),
            Quotas = new(null, why),
            Services = new(null, why),
            Proxy = new(null, why),
            Secrets = new(null, why),
        };
        var told = Findings(blind);
        Assert.All(told, finding => Assert.False(finding.Checked));
        Assert.Superset(new HashSet<string> { "PodsNotReady", "BudgetAllowsNothing", "TwoBudgets", "AutoscalerAtLimit", "QuotaTooSmall", "ServiceWithoutEndpoints", "ProxyNotAwaited" }, told.Select(finding => finding.Id).ToHashSet());
    }

    [Fact]
    public void A_patch_names_its_container_and_a_Rollouts_lists_are_left_alone()
    {
        var finding = Single("GracePeriodShort", Of(spec => spec["template"]!["spec"]!["terminationGracePeriodSeconds"] = 5));
        Assert.Equal("spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 30\n", finding.Fix);
        Assert.StartsWith("kubectl patch deployment web -n shop --type strategic -p '{", finding.FixCommand, StringComparison.Ordinal);
        Assert.EndsWith("--dry-run=server -o yaml", finding.FixCommand, StringComparison.Ordinal);
        Assert.Empty(Single("NoReadinessProbe", Of(spec => Container(spec).Remove("readinessProbe"), "Rollout")).Fix);
    }

    [Theory]
    [InlineData("500m", 0.5)]
    [InlineData("2", 2.0)]
    [InlineData("1Ki", 1024.0)]
    [InlineData("1.5Gi", 1610612736.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("3k", 3000.0)]
    [InlineData("", null)]
    [InlineData("lots", null)]
    public void Amounts_are_read(string text, double? amount) => Assert.Equal((decimal?)amount, Quantity.Read(text));

    [Theory]
    [InlineData("defaultConfig:\n  holdApplicationUntilProxyStarts: true\n  terminationDrainDuration: 30s\n", true, 30)]
    [InlineData("defaultConfig:\n  discoveryAddress: istiod:15012\n", false, null)]
    [InlineData("rootNamespace: istio-system\n", false, null)]
    public void The_meshs_settings_are_read(string mesh, bool holds, int? drain) => Assert.Equal(new ProxySettings(holds, drain), ProxyConfigText.OfMesh(mesh));

    [Fact]
    public void Settings_that_are_no_YAML_are_unknown() => Assert.Null(ProxyConfigText.OfMesh("a: [b"));

    private static Known<IReadOnlyList<NodeRoom>> Rooms(params NodeRoom[] rooms) => new(rooms);

    private static IEnumerable<MeshReadinessFinding> Found(string id, ReadinessSubject subject) => Findings(subject).Where(finding => finding.Id == id);

    private static MeshReadinessFinding Single(string id, ReadinessSubject subject) => Assert.Single(Found(id, subject));

    private static void Expect(string id, bool wrong, ReadinessSubject subject) => Assert.Equal(wrong, Found(id, subject).Any());
}
