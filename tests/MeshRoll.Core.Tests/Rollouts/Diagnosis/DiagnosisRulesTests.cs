using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class DiagnosisRulesTests
{
    private static readonly Dictionary<string, (PodStatus Status, string Id, FindingVerdict Verdict)> Signals = new()
    {
        ["back-off after a failed pull"] = (Some.Waiting("ImagePullBackOff", "Back-off pulling image"), "ImagePull", FindingVerdict.Fatal),
        ["back-off, registry out of reach"] = (Some.Waiting("ImagePullBackOff", "dial tcp 10.0.0.9:443: i/o timeout"), "ImagePull", FindingVerdict.Unknown),
        ["first failed pull"] = (Some.Waiting("ErrImagePull", "manifest unknown"), "ImagePull", FindingVerdict.Transient),
        ["first failed pull, too many requests"] = (Some.Waiting("ErrImagePull", "toomanyrequests: slow down"), "ImagePull", FindingVerdict.Unknown),
        ["image name"] = (Some.Waiting("InvalidImageName"), "InvalidImageName", FindingVerdict.Fatal),
        ["image never pulled"] = (Some.Waiting("ErrImageNeverPull"), "ImageNeverPull", FindingVerdict.Fatal),
        ["first crash"] = (Some.Waiting("CrashLoopBackOff", restarts: 1), "CrashLoop", FindingVerdict.Transient),
        ["crash loop"] = (Some.Waiting("CrashLoopBackOff", restarts: 2), "CrashLoop", FindingVerdict.Fatal),
        ["missing config map"] = (Some.Waiting("CreateContainerConfigError", "configmap \"shop\" not found"), "ContainerConfig", FindingVerdict.Fatal),
        ["kubelet just started"] = (Some.Waiting("CreateContainerConfigError", "failed to sync configmap cache: timed out waiting for the condition"), "ContainerConfig", FindingVerdict.Transient),
        ["container not created"] = (Some.Waiting("CreateContainerError", "executable file not found in $PATH"), "ContainerCreate", FindingVerdict.Fatal),
        ["container not created, runtime busy"] = (Some.Waiting("CreateContainerError", "context deadline exceeded"), "ContainerCreate", FindingVerdict.Unknown),
        ["container not started"] = (Some.Waiting("RunContainerError", "permission denied"), "ContainerRun", FindingVerdict.Fatal),
        ["container not started, runtime busy"] = (Some.Waiting("RunContainerError", "name \"x\" is reserved for \"y\""), "ContainerRun", FindingVerdict.Unknown),
        ["init image"] = (Some.Waiting("ImagePullBackOff", init: true), "ImagePull", FindingVerdict.Fatal),
        ["init ended with an error"] = (Some.Ended(1), "InitContainerFailed", FindingVerdict.Transient),
        ["init ended with an error again"] = (Some.Ended(1, restarts: 2), "InitContainerFailed", FindingVerdict.Fatal),
        ["init in a crash loop"] = (Some.Waiting("CrashLoopBackOff", init: true, restarts: 3, last: new() { ExitCode = 3, Reason = "Error" }), "InitContainerFailed", FindingVerdict.Fatal),
        ["init in a crash loop, last run forgotten"] = (Some.Waiting("CrashLoopBackOff", "back-off 40s", init: true, restarts: 3), "InitContainerFailed", FindingVerdict.Fatal),
        ["evicted"] = (new() { Phase = "Failed", Reason = "Evicted", Message = "The node was low on resource: memory." }, "Evicted", FindingVerdict.Transient),
        ["preempted"] = (new() { Phase = "Running", Conditions = [new() { Type = "DisruptionTarget", Status = "True", Reason = "PreemptionByScheduler" }] }, "Preempted", FindingVerdict.Transient),
    };

    public static TheoryData<string> SignalNames => [.. Signals.Keys];

    [Theory]
    [MemberData(nameof(SignalNames))]
    public void Every_signal_gives_its_finding(string signal)
    {
        var (status, id, verdict) = Signals[signal];

        var diagnosis = Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: status)]);

        var finding = Assert.Single(diagnosis.Findings);
        Assert.Equal((id, verdict, "pod/web-1"), (finding.Id, finding.Verdict, finding.Object));
        Assert.Equal(verdict == FindingVerdict.Fatal, diagnosis.Doom is not null);
        Assert.NotEmpty(finding.Advice);
    }

    [Fact]
    public void A_missing_image_is_named_with_container_pod_and_the_clusters_words()
    {
        var finding = Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff", "Back-off pulling image \"registry.test/app:9\""))]).Findings[0];

        Assert.Equal("container app of pod web-1 cannot pull image registry.test/app:9 (ImagePullBackOff: Back-off pulling image \"registry.test/app:9\")", finding.Message);
        Assert.Equal("ImagePullBackOff: Back-off pulling image \"registry.test/app:9\"", finding.Evidence);
    }

    [Fact]
    public void A_crash_loop_tells_how_the_last_run_ended()
    {
        var finding = Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", "back-off 40s", 4, last: new() { ExitCode = 137, Reason = "OOMKilled" }))]).Findings[0];

        Assert.Contains("OOMKilled, exit code 137", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_ended_by_a_signal_is_told_by_the_signal()
    {
        var finding = Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 4, last: new() { Signal = 9, Reason = "Error" }))]).Findings[0];

        Assert.Equal("container app of pod web-1 keeps ending right after its start (signal 9)", finding.Message);
    }

    [Fact]
    public void What_a_container_leaves_as_its_last_words_cannot_steer_the_terminal_nor_give_a_secret_away()
    {
        var last = new ContainerTerminated { ExitCode = 2, Reason = "Error", Message = "\u001b[31mcannot log in\u001b[0m:\npassword=hunter2 \u202edrow" };
        var finding = Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 4, last: last))]).Findings[0];

        Assert.Equal("container app of pod web-1 keeps ending right after its start (exit code 2: cannot log in: password=*** drow)", finding.Message);
        Assert.Equal((2, "exit code 2: cannot log in: password=*** drow"), (finding.ExitCode, finding.Evidence));
    }

    [Theory]
    [InlineData("running", 2, 3, true, "Running", FindingVerdict.Unknown)]
    [InlineData("running", 2, 10, true, "Running", null)]
    [InlineData("running", 1, 3, true, "Running", null)]
    [InlineData("running", 2, 3, false, "Running", null)]
    [InlineData("running", 2, null, true, "Running", null)]
    [InlineData("ended", 2, 0, false, "Running", FindingVerdict.Fatal)]
    [InlineData("ended", 1, 0, false, "Running", null)]
    [InlineData("ended", 2, 0, false, "Failed", null)]
    [InlineData("ended", 2, 0, false, "Succeeded", null)]
    [InlineData("nothing", 2, 0, true, "Running", null)]
    public void A_crash_loop_met_between_two_crashes_by_a_single_look_is_told(string state, int restarts, int? running, bool endedBefore, string phase, FindingVerdict? verdict)
    {
        var ended = new ContainerTerminated { ExitCode = 7 };
        var status = new ContainerStatus
        {
            Name = "app",
            Ready = true,
            RestartCount = restarts,
            State = state switch { "running" => new() { Running = new() { StartedAt = running is { } age ? Some.Start.AddSeconds(-age) : null } }, "ended" => new() { Terminated = ended }, _ => new() },
            LastState = new() { Terminated = endedBefore ? ended : null },
        };
        var pod = Some.WebPod("web-1", status: new() { Phase = phase, ContainerStatuses = [status] });

        var finding = Diagnosing.Once(pod).Findings.SingleOrDefault();

        Assert.Equal((verdict, verdict is null ? null : "CrashLoop", verdict is null ? null : 7), (finding?.Verdict, finding?.Id, finding?.ExitCode));
        Assert.Empty(Diagnosing.After(0, pod).Findings);
    }

    [Fact]
    public void A_native_sidecar_between_two_crashes_is_told_too()
    {
        var status = new PodStatus { Phase = "Pending", InitContainerStatuses = [new() { Name = "setup", RestartCount = 2, State = new() { Terminated = new() { ExitCode = 1 } } }] };

        Assert.Equal("CrashLoop", Assert.Single(Diagnosing.Once(Some.WebPod("web-1", status: status, spec: Some.Spec(native: true))).Findings).Id);
    }

    [Theory]
    [InlineData("istio-init", "NET_ADMIN")]
    [InlineData("istio-validation", "istio-cni-node")]
    [InlineData("linkerd-network-validator", "linkerd-cni")]
    [InlineData("consul-connect-inject-init", "Consul servers")]
    [InlineData("setup", "Read its log")]
    public void An_init_container_of_a_mesh_fails_for_reasons_of_its_own(string container, string advice)
    {
        var status = new PodStatus { Phase = "Pending", InitContainerStatuses = [new() { Name = container, RestartCount = 2, State = new() { Terminated = new() { ExitCode = 1 } } }] };

        Assert.Contains(advice, Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: status)]).Findings[0].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_the_kubelet_ends_because_a_probe_goes_unanswered_is_told_so()
    {
        var pod = Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 1, last: new() { ExitCode = 137, Reason = "Error" }));
        var told = Some.Unhealthy(pod, "app", "Liveness probe failed: HTTP probe failed with statuscode: 500", 3);

        Assert.True(Diagnose(Some.Deployment(updated: 1), [pod]).Ask.HasFlag(Inquiry.Events));
        var finding = Assert.Single(Diagnose(Some.Deployment(updated: 1), [pod], events: [told, Some.Unhealthy(pod, "app", "Readiness probe failed: no")]).Findings);
        Assert.Equal("container app of pod web-1 keeps ending right after its start (exit code 137; Liveness probe failed: HTTP probe failed with statuscode: 500)", finding.Message);
        Assert.Equal("exit code 137; event Unhealthy (3 times): Liveness probe failed: HTTP probe failed with statuscode: 500", finding.Evidence);
        Assert.Contains("startupProbe", finding.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, LogRun.Present)]
    [InlineData(true, true, LogRun.Present)]
    [InlineData(false, true, LogRun.Previous)]
    [InlineData(false, false, LogRun.None)]
    public void The_log_worth_reading_is_that_of_the_run_which_failed(bool ended, bool endedBefore, object run)
    {
        var terminated = new ContainerTerminated { ExitCode = 1 };
        var status = new PodStatus
        {
            Phase = "Pending",
            InitContainerStatuses = [new()
            {
                Name = "setup",
                State = ended ? new() { Terminated = terminated } : new() { Waiting = new() { Reason = "CrashLoopBackOff" } },
                LastState = new() { Terminated = endedBefore ? terminated : null },
            }],
        };

        Assert.Equal(run, Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: status)]).Findings[0].LogRun);
    }

    [Fact]
    public void A_native_sidecar_in_a_crash_loop_is_a_crash_loop_and_no_failed_init()
    {
        var pod = Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", init: true, restarts: 3), spec: Some.Spec(native: true));

        Assert.Equal("CrashLoop", Assert.Single(Diagnose(Some.Deployment(updated: 1), [pod]).Findings).Id);
    }

    [Fact]
    public void Of_several_broken_containers_the_one_that_dooms_the_pod_is_told()
    {
        ContainerStatus Broken(string name, string reason) => new() { Name = name, RestartCount = 1, State = new() { Waiting = new() { Reason = reason } } };
        MeshFinding Told(params ContainerStatus[] containers) => Assert.Single(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: new() { Phase = "Pending", ContainerStatuses = containers })]).Findings);

        Assert.Equal("InvalidImageName", Told(Broken("app", "CrashLoopBackOff"), Broken("istio-proxy", "InvalidImageName")).Id);
        Assert.Equal("InvalidImageName", Told(Broken("istio-proxy", "InvalidImageName"), Broken("app", "CrashLoopBackOff")).Id);
    }

    [Theory]
    [InlineData("app", "", "registry.test/seen:1")]
    [InlineData("app", "registry.test/written:1", "registry.test/written:1")]
    [InlineData("other", "registry.test/written:1", "registry.test/seen:1")]
    public void The_image_is_told_as_the_template_writes_it_or_else_as_the_node_saw_it(string container, string written, string told)
    {
        var status = new PodStatus { Phase = "Pending", ContainerStatuses = [new() { Name = "app", Image = "registry.test/seen:1", State = new() { Waiting = new() { Reason = "ErrImageNeverPull" } } }] };
        var pod = Some.WebPod("web-1", status: status, spec: new() { Containers = [new() { Name = container, Image = written }] });

        Assert.Contains(told, Diagnose(Some.Deployment(updated: 1), [pod]).Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_init_container_that_the_pod_does_not_list_is_told_all_the_same() =>
        Assert.Equal("InitContainerFailed", Assert.Single(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Ended(1), spec: new())]).Findings).Id);

    [Theory]
    [InlineData("ContainerCreating", false, 0)]
    [InlineData("PodInitializing", true, 0)]
    [InlineData("", false, 0)]
    public void Usual_waits_are_no_finding(string reason, bool init, int restarts) =>
        Assert.Empty(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Waiting(reason, init: init, restarts: restarts))]).Findings);

    [Fact]
    public void An_init_container_that_succeeded_and_a_native_sidecar_that_ended_are_no_finding()
    {
        Assert.Empty(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Ended(0))]).Findings);
        Assert.Empty(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: Some.Ended(1), spec: Some.Spec(native: true))]).Findings);
    }

    [Fact]
    public void An_init_container_that_is_still_at_work_is_no_finding()
    {
        var status = new PodStatus { Phase = "Pending", InitContainerStatuses = [new() { Name = "setup", State = new() { Running = new() } }] };

        Assert.Empty(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: status)]).Findings);
    }

    [Fact]
    public void A_failed_pull_that_lasts_is_fatal_without_a_back_off()
    {
        var workload = Some.Deployment(updated: 1);
        Pod[] pods = [Some.WebPod("web-1", status: Some.Waiting("ErrImagePull", "manifest unknown"))];
        var first = Diagnose(workload, pods);

        Assert.Equal(Some.Start + TimeSpan.FromSeconds(30), first.LookAgain);
        Assert.Null(Diagnose(workload, pods, seconds: 29, seen: first.Seen).Doom);
        Assert.Equal("ImagePull", Diagnose(workload, pods, seconds: 30, seen: first.Seen).Doom?.Id);
    }

    [Fact]
    public void Another_attempt_after_the_kubelet_has_backed_off_is_no_beginning()
    {
        var workload = Some.Deployment(updated: 1);
        Pod[] attempt = [Some.WebPod("web-1", status: Some.Waiting("ErrImagePull", "manifest unknown"))];
        var first = Diagnose(workload, attempt);
        var backedOff = Diagnose(workload, [Some.WebPod("web-1", status: Some.Waiting("ImagePullBackOff"))], seconds: 2, seen: first.Seen);
        var again = Diagnose(workload, attempt, seconds: 4, seen: backedOff.Seen);
        var andAgain = Diagnose(workload, attempt, seconds: 5, seen: again.Seen);

        Assert.Equal([FindingVerdict.Transient, FindingVerdict.Fatal, FindingVerdict.Fatal, FindingVerdict.Fatal],
            new[] { first, backedOff, again, andAgain }.Select(diagnosis => Assert.Single(diagnosis.Findings).Verdict));
    }

    [Theory]
    [InlineData("its own", FindingVerdict.Fatal)]
    [InlineData("another container's", FindingVerdict.Transient)]
    [InlineData("the pod before it", FindingVerdict.Transient)]
    [InlineData("the attempt itself", FindingVerdict.Transient)]
    [InlineData("another reason", FindingVerdict.Transient)]
    [InlineData("none", FindingVerdict.Transient)]
    public void A_first_look_that_meets_a_later_attempt_goes_by_the_back_off_that_was_told(string which, FindingVerdict verdict)
    {
        var pod = Some.WebPod("web-1", status: Some.Waiting("ErrImagePull", "manifest unknown") with { StartTime = Some.Start.AddSeconds(-5) });
        Event[] events = which switch
        {
            "its own" => [Some.PullBackOff(pod)],
            "another container's" => [Some.PullBackOff(pod, "helper")],
            "the pod before it" => [Some.PullBackOff(pod with { Metadata = pod.Metadata with { Uid = "earlier" } })],
            "the attempt itself" => [Some.About(Some.Warning(pod, "Failed", "Error: ErrImagePull"), "app")],
            "another reason" => [Some.About(Some.Warning(pod, "BackOff", "Error: ImagePullBackOff"), "app")],
            _ => [],
        };
        var observation = new Observation { Workload = Some.Deployment(updated: 1), Pods = [pod], Events = events, Now = Some.Start };

        foreach (var look in new[] { observation, observation with { IsSingle = true } })
        {
            var diagnosis = DiagnosisRules.Diagnose(look);
            Assert.True(diagnosis.Ask.HasFlag(Inquiry.Events));
            var finding = Assert.Single(diagnosis.Findings);
            Assert.Equal(("ImagePull", verdict), (finding.Id, finding.Verdict));
            Assert.Contains("manifest unknown", finding.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_signal_that_went_away_begins_anew()
    {
        var workload = Some.Deployment(updated: 1);
        Pod[] failing = [Some.WebPod("web-1", status: Some.Waiting("ErrImagePull"))];
        var first = Diagnose(workload, failing);
        var well = Diagnose(workload, [Some.WebPod("web-1")], seconds: 10, seen: first.Seen);

        Assert.Null(Diagnose(workload, failing, seconds: 35, seen: well.Seen).Doom);
    }

    [Fact]
    public void A_pod_without_a_node_gets_its_grace_then_a_warning_then_is_given_up()
    {
        var workload = Some.Deployment(updated: 1);
        Pod[] pods = [Some.WebPod("web-1", status: Some.NoNode())];
        var first = Diagnose(workload, pods);
        var warned = Diagnose(workload, pods, seconds: 15, seen: first.Seen);
        var given = Diagnose(workload, pods, seconds: 300, seen: warned.Seen);

        Assert.Empty(first.Findings);
        Assert.Equal(Some.Start + TimeSpan.FromSeconds(15), first.LookAgain);
        Assert.Equal(FindingVerdict.Unknown, Assert.Single(warned.Findings).Verdict);
        Assert.Equal(Some.Start + TimeSpan.FromMinutes(5), warned.LookAgain);
        Assert.Equal("pod web-1 finds no node: 0/3 nodes are available: 3 Insufficient cpu", given.Doom?.Message);
    }

    [Theory]
    [InlineData("PodScheduled", "True", "")]
    [InlineData("PodScheduled", "False", "SchedulingGated")]
    [InlineData("PodScheduled", "False", "SchedulerError")]
    [InlineData("ContainersReady", "False", "Unschedulable")]
    [InlineData("DisruptionTarget", "False", "PreemptionByScheduler")]
    public void Other_conditions_are_no_finding_however_long_they_last(string type, string status, string reason)
    {
        Pod[] pods = [Some.WebPod("web-1", status: new() { Phase = "Pending", Conditions = [new() { Type = type, Status = status, Reason = reason }] })];

        Assert.Empty(Diagnose(Some.Deployment(updated: 1), pods, seconds: 600, seen: Diagnose(Some.Deployment(updated: 1), pods).Seen).Findings);
    }

    [Theory]
    [InlineData(-60, -600, FindingVerdict.Unknown)]
    [InlineData(-600, -600, FindingVerdict.Fatal)]
    [InlineData(null, -600, FindingVerdict.Fatal)]
    [InlineData(null, -5, null)]
    [InlineData(null, null, null)]
    public void A_single_look_takes_the_clusters_times_for_how_long_a_pod_has_had_no_node(int? told, int? created, FindingVerdict? verdict)
    {
        var status = Some.NoNode();
        var pod = Some.WebPod("web-1", status: status with { Conditions = [status.Conditions[0] with { LastTransitionTime = told is { } since ? Some.Start.AddSeconds(since) : null }] });
        pod = pod with { Metadata = pod.Metadata with { CreationTimestamp = created is { } age ? Some.Start.AddSeconds(age) : null } };

        var diagnosis = DiagnosisRules.Diagnose(new() { Workload = Some.Deployment(updated: 1), Pods = [pod], Now = Some.Start, IsSingle = true });

        Assert.Equal(verdict, diagnosis.Findings.SingleOrDefault()?.Verdict);
    }

    [Fact]
    public void Old_pods_and_pods_on_their_way_out_say_nothing_about_a_rollout()
    {
        var broken = Some.Waiting("ImagePullBackOff");

        Assert.Empty(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("old", "h1", age: 60, status: broken), Some.WebPod("new")]).Findings);
        Assert.Empty(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("going", deleting: true, status: broken)]).Findings);
        Assert.Empty(Diagnose(Some.StatefulSet(updated: 1), [Some.DbPod("db-0", "db-1", status: broken)]).Findings);
        Assert.Empty(Diagnose(Some.DaemonSet(updated: 1), [Some.AgentPod("a", "1", "h1", status: broken)]).Findings);
    }

    [Fact]
    public void Before_the_first_new_pod_exists_the_old_ones_are_not_taken_for_new()
    {
        var restarted = Some.Deployment(updated: 0);
        restarted = restarted with { Spec = restarted.Spec with { Template = new() { Metadata = new() { Annotations = new Dictionary<string, string> { ["kubectl.kubernetes.io/restartedAt"] = "2026-03-01T10:00:00Z" } } } } };

        Assert.Empty(Diagnose(restarted, [Some.WebPod("old", "h1", status: Some.Waiting("CrashLoopBackOff", restarts: 9))]).Findings);
    }

    [Fact]
    public void A_deployment_is_doomed_when_all_its_new_pods_are()
    {
        var broken = Some.Waiting("ImagePullBackOff");
        var some = Diagnose(Some.Deployment(updated: 2), [Some.WebPod("web-1", status: broken), Some.WebPod("web-2")]);
        var all = Diagnose(Some.Deployment(updated: 2), [Some.WebPod("web-1", status: broken), Some.WebPod("web-2", status: broken), Some.WebPod("web-0", "h1", age: 60)]);

        Assert.Null(some.Doom);
        Assert.Single(some.Findings);
        Assert.Equal("h2", all.DoomedHash);
        Assert.EndsWith("; the same with 1 other pod", all.Doom?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evicted_pod_neither_saves_nor_dooms_a_deployment()
    {
        var evicted = new PodStatus { Phase = "Failed", Reason = "Evicted" };

        Assert.Null(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: evicted)]).Doom);
        Assert.NotNull(Diagnose(Some.Deployment(updated: 1), [Some.WebPod("web-1", status: evicted), Some.WebPod("web-2", status: Some.Waiting("InvalidImageName"))]).Doom);
    }

    [Fact]
    public void A_stateful_set_or_daemon_set_is_doomed_when_any_new_pod_is()
    {
        var broken = Some.Waiting("ImagePullBackOff");

        Assert.NotNull(Diagnose(Some.StatefulSet(updated: 2), [Some.DbPod("db-2"), Some.DbPod("db-1", status: broken)]).Doom);
        Assert.NotNull(Diagnose(Some.DaemonSet(updated: 2), [Some.AgentPod("a"), Some.AgentPod("b", status: broken)]).Doom);
    }

    [Theory]
    [InlineData("Internal error occurred: failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": connection refused", "InjectionFailed", FindingVerdict.Unknown)]
    [InlineData("failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": tls: failed to verify certificate: x509: certificate signed by unknown authority", "InjectionFailed", FindingVerdict.Unknown)]
    [InlineData("admission webhook \"namespace.sidecar-injector.istio.io\" denied the request: template: inject:1: unexpected", "InjectionFailed", FindingVerdict.Fatal)]
    [InlineData("failed calling webhook \"linkerd-proxy-injector.linkerd.io\"", "InjectionFailed", FindingVerdict.Unknown)]
    [InlineData("admission webhook \"linkerd-proxy-injector.linkerd.io\" denied the request: no", "InjectionFailed", FindingVerdict.Fatal)]
    [InlineData("failed calling webhook \"consul-connect-injector.consul.hashicorp.com\": EOF", "InjectionFailed", FindingVerdict.Unknown)]
    [InlineData("admission webhook \"consul-connect-injector.consul.hashicorp.com\" denied the request: no", "InjectionFailed", FindingVerdict.Fatal)]
    [InlineData("Pod \"web-1\" is invalid: spec.containers[2].name: Duplicate value: \"istio-proxy\"", "InjectedTwice", FindingVerdict.Fatal)]
    [InlineData("Pod \"web-1\" is invalid: spec.volumes[1].name: Duplicate value: \"data\"", "FailedCreate", FindingVerdict.Unknown)]
    [InlineData("pods \"web-1\" is forbidden: exceeded quota: small, requested: pods=1", "QuotaExceeded", FindingVerdict.Unknown)]
    [InlineData("pods \"web-1\" is forbidden: failed quota: small: must specify limits.cpu", "QuotaExceeded", FindingVerdict.Fatal)]
    [InlineData("pods \"web-1\" is forbidden: violates PodSecurity \"restricted:latest\"", "PodSecurity", FindingVerdict.Fatal)]
    [InlineData("pods \"web-1\" is forbidden: error looking up service account shop/web", "ServiceAccountMissing", FindingVerdict.Fatal)]
    [InlineData("admission webhook \"policy.test\" denied the request: no", "AdmissionDenied", FindingVerdict.Fatal)]
    [InlineData("Internal error occurred: failed calling webhook \"other.test\"", "WebhookUnavailable", FindingVerdict.Unknown)]
    [InlineData("something new", "FailedCreate", FindingVerdict.Unknown)]
    public void Refused_pods_are_read_from_the_condition_and_from_events(string message, string id, FindingVerdict verdict)
    {
        var byCondition = Diagnose(Some.Deployment(updated: 0, conditions: [new() { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate", Message = message }]), []);
        var byEvent = Diagnose(Some.StatefulSet(updated: 0), [], events: [FailedCreate(message)]);

        Assert.All([byCondition, byEvent], diagnosis =>
        {
            var finding = Assert.Single(diagnosis.Findings);
            Assert.Equal((id, verdict), (finding.Id, finding.Verdict));
            Assert.Contains(message, finding.Message, StringComparison.Ordinal);
            Assert.Equal(verdict == FindingVerdict.Fatal, diagnosis.Doom is not null);
        });
        Assert.Equal("deployment/web", byCondition.Findings[0].Object);
        Assert.Equal("statefulset/db", byEvent.Findings[0].Object);
    }

    [Fact]
    public void A_refusal_that_is_over_does_not_count_once_the_pods_are_there() =>
        Assert.Empty(DiagnosisRules.Diagnose(new() { Workload = Some.StatefulSet(updated: 0), Events = [FailedCreate("exceeded quota: small")], PodsAreMissing = false, Now = Some.Start }).Findings);

    [Fact]
    public void Findings_name_the_workload_they_concern_so_that_they_can_go_down_the_pipeline_alone()
    {
        var diagnosis = DiagnosisRules.Diagnose(new()
        {
            Workload = Some.Deployment(updated: 0, conditions: [new() { Type = "ReplicaFailure", Status = "True", Message = "exceeded quota: small" }]),
            Pods = [Some.WebPod("web-1", status: Some.Waiting("InvalidImageName"))],
            Cluster = "prod",
            Now = Some.Start,
        });

        Assert.Equal(["InvalidImageName", "QuotaExceeded"], diagnosis.Findings.Select(finding => finding.Id));
        Assert.All(diagnosis.Findings, finding => Assert.Equal(("prod", "shop", "Deployment", "web"), (finding.Cluster, finding.Namespace, finding.Kind, finding.Name)));
        Assert.Equal(("web-1", "app"), (diagnosis.Findings[0].Pod, diagnosis.Findings[0].Container));
    }

    [Fact]
    public void Pods_injected_twice_are_told_together_and_without_those_that_go()
    {
        Pod Twice(string name, bool deleting = false) => Some.WebPod(name, deleting: deleting, spec: new() { Containers = [new() { Name = "istio-proxy" }, new() { Name = "linkerd-proxy" }] });

        Assert.EndsWith("; the same with 1 other pod", Assert.Single(DiagnosisRules.InjectedTwice(Some.Deployment(), "prod", [Twice("web-1"), Twice("web-2"), Twice("web-3", deleting: true)])).Message, StringComparison.Ordinal);
        Assert.Empty(DiagnosisRules.InjectedTwice(Some.Deployment(), "prod", [Some.WebPod("web-1")]));
    }

    [Fact]
    public void The_same_refusal_told_twice_is_one_finding()
    {
        var message = "exceeded quota: small";

        Assert.Single(Diagnose(Some.Deployment(updated: 0, conditions: [new() { Type = "ReplicaFailure", Status = "True", Message = message }]), [], events: [FailedCreate(message)]).Findings);
    }

    [Fact]
    public void Events_from_before_the_rollout_and_about_other_things_do_not_count()
    {
        var old = FailedCreate("exceeded quota: small") with { LastTimestamp = Some.Start.AddMinutes(-5) };
        var other = FailedCreate("x") with { Reason = "SuccessfulCreate" };

        Assert.Empty(Diagnose(Some.StatefulSet(updated: 0), [], events: [old, other], since: Some.Start).Findings);
    }

    public static TheoryData<string, Event, bool> Times => new()
    {
        { "last seen before the rollout", Dated(new() { LastTimestamp = Some.Start.AddMinutes(-5), FirstTimestamp = Some.Start }), false },
        { "of the newer form, before the rollout", Dated(new() { EventTime = Some.Start.AddMinutes(-5) }), false },
        { "of the newer form, of the rollout", Dated(new() { EventTime = Some.Start.AddSeconds(3) }), true },
        { "with a first time only", Dated(new() { FirstTimestamp = Some.Start.AddMinutes(-5) }), false },
        { "with nothing but the time it was made", Dated(new() { Metadata = new() { CreationTimestamp = Some.Start.AddMinutes(-5) } }), false },
        { "a little before the rollout, as clocks differ", Dated(new() { LastTimestamp = Some.Start.AddSeconds(-30) }), true },
        { "without any time", Dated(new()), true },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void An_event_is_of_the_rollout_by_the_last_time_it_tells(string which, Event refused, bool counts) =>
        Assert.True(Diagnose(Some.StatefulSet(updated: 0), [], events: [refused], since: Some.Start).Findings.Count == (counts ? 1 : 0), which);

    [Fact]
    public void Of_several_refusals_the_newest_is_told() => Assert.Equal("QuotaExceeded", Assert.Single(Diagnose(Some.StatefulSet(updated: 0), [], events:
        [FailedCreate("denied the request"), FailedCreate("exceeded quota: small") with { LastTimestamp = Some.Start.AddSeconds(9) }]).Findings).Id);

    [Fact]
    public void A_condition_and_an_event_that_tell_different_refusals_are_two_findings() => Assert.Equal(["AdmissionDenied", "QuotaExceeded"], Diagnose(
        Some.Deployment(updated: 0, conditions: [new() { Type = "ReplicaFailure", Status = "True", Message = "exceeded quota: small" }]), [], events: [FailedCreate("denied the request")]).Findings.Select(finding => finding.Id));

    [Fact]
    public void A_refusal_is_read_from_an_argo_rollouts_condition_and_not_from_one_that_is_over()
    {
        ArgoRollout With(string status) => Some.Argo("Progressing") with { Status = Some.Argo("Progressing").Status with { Conditions = [new() { Type = "ReplicaFailure", Status = status, Message = "denied the request" }] } };

        Assert.Equal("rollout/canary", Assert.Single(Diagnose(With("True"), []).Findings).Object);
        Assert.Empty(Diagnose(With("False"), []).Findings);
    }

    [Fact]
    public void What_is_fatal_is_told_first()
    {
        var diagnosis = Diagnose(Some.Deployment(updated: 2),
            [Some.WebPod("web-1", status: Some.Waiting("CrashLoopBackOff", restarts: 1)), Some.WebPod("web-2", status: Some.Waiting("InvalidImageName"))]);

        Assert.Equal(["InvalidImageName", "CrashLoop"], diagnosis.Findings.Select(finding => finding.Id));
    }

    private static Event Dated(Event times) => times with { Reason = "FailedCreate", Type = "Warning", Message = "exceeded quota: small" };

    private static Event FailedCreate(string message) => new() { Reason = "FailedCreate", Type = "Warning", Message = message, LastTimestamp = Some.Start };

    private static RolloutDiagnosis Diagnose(IKubernetesObject workload, Pod[] pods, int seconds = 0, FirstSightings? seen = null, Event[]? events = null, DateTimeOffset? since = null) =>
        DiagnosisRules.Diagnose(new()
        {
            Workload = workload,
            Pods = pods,
            Now = Some.Start.AddSeconds(seconds),
            Seen = seen ?? FirstSightings.None,
            Events = events ?? [],
            Since = since,
        });
}
