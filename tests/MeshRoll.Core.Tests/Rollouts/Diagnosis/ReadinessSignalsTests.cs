using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

public sealed class ReadinessSignalsTests
{
    private static readonly Probe Every2Seconds = new() { InitialDelaySeconds = 4, PeriodSeconds = 2, FailureThreshold = 3, SuccessThreshold = 1 };

    [Fact]
    public void An_application_that_is_not_ready_is_told_after_its_probes_own_window()
    {
        // 4 s, 3 times 2 s, and the slack of 5 s.
        var early = Diagnosing.After(14, Unready());
        var late = Diagnosing.After(15, Unready());

        Assert.Equal((0, Inquiry.None, Some.Start.AddSeconds(15)), (early.Findings.Count, early.Ask, early.LookAgain));
        var finding = Assert.Single(late.Findings);
        Assert.Equal(("NotReady", FindingVerdict.Unknown, "app", LogRun.Present), (finding.Id, finding.Verdict, finding.Container, finding.LogRun));
        Assert.Equal("container app of pod web-1 runs but does not get ready", finding.Message);
        Assert.Equal(Inquiry.Events, late.Ask);
    }

    [Fact]
    public void What_its_probe_says_is_told_too()
    {
        var pod = Unready();
        var told = Some.Unhealthy(pod, "app", "Readiness probe failed: dial tcp 10.0.0.9:8080: connect: connection refused\n");

        var finding = Assert.Single(Diagnosing.After(20, pod, [told]).Findings);

        Assert.Equal("container app of pod web-1 runs but does not get ready (Readiness probe failed: dial tcp 10.0.0.9:8080: connect: connection refused)", finding.Message);
        Assert.Equal("event Unhealthy: Readiness probe failed: dial tcp 10.0.0.9:8080: connect: connection refused", finding.Evidence);
    }

    [Theory]
    [InlineData(null, null, null, null, 5)]
    [InlineData(0, 10, 3, 1, 35)]
    [InlineData(30, 5, 2, 3, 55)]
    [InlineData(0, 0, 0, 0, 6)]
    public void The_window_is_the_delay_and_the_attempts_the_probe_allows(int? delay, int? period, int? failures, int? successes, int seconds)
    {
        var probe = delay is null ? null : new Probe { InitialDelaySeconds = delay.Value, PeriodSeconds = period!.Value, FailureThreshold = failures!.Value, SuccessThreshold = successes!.Value };

        Assert.Equal(TimeSpan.FromSeconds(seconds), ReadinessSignals.Window(probe));
    }

    [Theory]
    [InlineData("Pending", false, null, true)]
    [InlineData("Running", true, null, true)]
    [InlineData("Running", false, false, true)]
    [InlineData("Running", false, null, false)]
    public void Who_is_ready_or_starting_or_ended_is_none_of_this(string phase, bool ready, bool? started, bool runs) =>
        Assert.Empty(Diagnosing.After(600, Unready(phase, ready, started, runs)).Findings);

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public void Where_the_startup_probe_has_passed_or_is_none_readiness_counts(bool? started) => Assert.Single(Diagnosing.After(600, Unready(started: started)).Findings);

    [Fact]
    public void A_container_that_the_pod_does_not_list_is_judged_without_a_probe() =>
        Assert.Single(Diagnosing.After(5, Unready() with { Spec = new() { Containers = [new() { Name = "other" }] } }).Findings);

    [Theory]
    [InlineData(59, "False", "ReadinessGatesNotReady", false)]
    [InlineData(60, "False", "ReadinessGatesNotReady", true)]
    [InlineData(60, "True", "", false)]
    [InlineData(60, "False", "ContainersNotReady", false)]
    public void A_readiness_gate_that_stays_closed_is_told_after_a_minute(int seconds, string status, string reason, bool told)
    {
        var pod = Some.WebPod("web-1", status: new()
        {
            Phase = "Running",
            ContainerStatuses = [new() { Name = "app", Ready = true, State = Some.Runs() }],
            Conditions = [new() { Type = "Ready", Status = status, Reason = reason, Message = "the status of pod readiness gate \"lb\" is not \"True\", but False" }],
        });

        Assert.Equal(told ? ["ReadinessGate"] : [], Diagnosing.After(seconds, pod).Findings.Select(finding => finding.Id));
    }

    public static TheoryData<string> Witnesses => ["workload", "workload's transition", "pod", "container", "crash", "event"];

    [Theory]
    [MemberData(nameof(Witnesses))]
    public void A_clock_of_ours_that_is_slow_does_not_make_everything_look_new(string witness)
    {
        var (pod, later) = (Unready(), Some.Start.AddMinutes(10));
        var condition = new Condition { Type = "Initialized", Status = "True", LastTransitionTime = later };
        var workload = witness switch
        {
            "workload" => Some.Deployment(updated: 1, conditions: [Some.DeadlineExceeded(later)]),
            "workload's transition" => Some.Deployment(updated: 1, conditions: [condition]),
            _ => Some.Deployment(updated: 1),
        };
        var witnesses = witness switch
        {
            "pod" => pod with { Status = pod.Status with { Conditions = [condition] } },
            "container" => pod with { Status = pod.Status with { ContainerStatuses = [.. pod.Status.ContainerStatuses, new() { Name = "second", Ready = true, State = new() { Running = new() { StartedAt = later } } }] } },
            "crash" => pod with { Status = pod.Status with { ContainerStatuses = [.. pod.Status.ContainerStatuses, new() { Name = "second", Ready = true, LastState = new() { Terminated = new() { FinishedAt = later } } }] } },
            _ => pod,
        };
        Event[] events = witness == "event" ? [Some.Warning(pod, "BackOff", "x") with { LastTimestamp = later }] : [];

        Assert.Empty(Diagnosing.Once(pod).Findings);
        Assert.Equal("NotReady", Assert.Single(DiagnosisRules.Diagnose(new() { Workload = workload, Pods = [witnesses], Events = events, Now = Some.Start, IsSingle = true }).Findings).Id);
    }

    private static Pod Unready(string phase = "Running", bool ready = false, bool? started = null, bool runs = true) => Some.WebPod("web-1",
        spec: new() { Containers = [new() { Name = "app", ReadinessProbe = Every2Seconds }] },
        status: new() { Phase = phase, ContainerStatuses = [new() { Name = "app", Ready = ready, Started = started, State = runs ? Some.Runs() : new() }] });
}
