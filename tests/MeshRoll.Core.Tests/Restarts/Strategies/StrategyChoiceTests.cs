using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Strategies;

public sealed class StrategyChoiceTests
{
    private static readonly RestartOptions Auto = new() { Strategy = RestartStrategy.Auto, Force = true };
    private static readonly RestartOptions Surge = new() { Strategy = RestartStrategy.Surge, Force = true };
    private static readonly RestartOptions Evict = new() { Strategy = RestartStrategy.Evict, Force = true };

    public static TheoryData<string, string, string> Choices => new()
    {
        { "web", "Rolling", "keeps pods serving" },
        { "single", "Rolling", "keeps pods serving" },
        { "single, no surge", "Surge", "stop before" },
        { "single, no surge, scaled by somebody", "", "MeshRoll.Downtime" },
        { "single, Recreate", "", "MeshRoll.Downtime" },
        { "Recreate", "Evict", "Recreate" },
        { "set", "Rolling", "keeps pods serving" },
        { "single set", "", "MeshRoll.Downtime" },
        { "set, OnDelete", "Evict", "OnDelete" },
        { "set, partition", "Evict", "partition 2" },
        { "agent", "Rolling", "keeps pods serving" },
        { "agent, OnDelete", "Evict", "OnDelete" },
        { "canary", "Rolling", "keeps pods serving" },
        { "lone", "Evict", "ReplicaSet of its own" },
        { "begun", "Surge", "ended early" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Auto_takes_what_keeps_pods_serving_and_says_why(string workload, string strategy, string because)
    {
        var verdict = Decide(workload, Auto);
        if (strategy.Length == 0)
        {
            Assert.Equal(because, Assert.IsType<RestartVerdict.Refuse>(verdict).Error.Id);
            Assert.Equal(RestartStrategy.Rolling, Assert.IsType<RestartVerdict.Go>(Decide(workload, Auto with { AllowDowntime = true })).Strategy);
            return;
        }
        var go = Assert.IsType<RestartVerdict.Go>(verdict);
        Assert.Equal(strategy, go.Strategy.ToString());
        Assert.Contains(because, go.Because, StringComparison.Ordinal);
        Assert.EndsWith($"({go.Because})", go.Proposal.Action, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set", "MeshRoll.SurgeUnfit", "ordinal")]
    [InlineData("agent", "MeshRoll.SurgeUnfit", "each node")]
    [InlineData("lone", "MeshRoll.SurgeUnfit", "not for a ReplicaSet")]
    [InlineData("canary", "MeshRoll.SurgeUnfit", "not for a Rollout")]
    [InlineData("paused", "MeshRoll.WorkloadPaused", "resume it first")]
    [InlineData("rolling", "MeshRoll.RolloutUnderWay", "Wait-MeshRollout")]
    [InlineData("single, no surge, scaled by somebody", "MeshRoll.AutoscalerPresent", "-IgnoreAutoscaler")]
    [InlineData("scaled by nobody knows whom", "MeshRoll.AutoscalerUnknown", "no right to list")]
    public void What_cannot_surge_is_refused_with_the_reason(string workload, string id, string words) => AssertRefused(workload, Surge, id, words);

    [Theory]
    [InlineData("single", "MeshRoll.LastPod", "-Strategy Surge")]
    [InlineData("single set", "MeshRoll.LastPod", "-AllowDowntime")]
    public void The_last_pod_is_not_evicted(string workload, string id, string words)
    {
        AssertRefused(workload, Evict, id, words);
        Assert.IsType<RestartVerdict.Go>(Decide(workload, Evict with { AllowDowntime = true }));
    }

    [Fact]
    public void A_single_pod_of_a_set_is_not_told_to_surge() =>
        Assert.DoesNotContain("Surge", Assert.IsType<RestartVerdict.Refuse>(Decide("single set", Evict)).Error.Message, StringComparison.Ordinal);

    [Fact]
    public void An_autoscaler_may_be_ignored() => Assert.Equal(RestartStrategy.Surge, Assert.IsType<RestartVerdict.Go>(Decide("single, no surge, scaled by somebody", Surge with { IgnoreAutoscaler = true })).Strategy);

    [Fact]
    public void A_ReplicaSet_cannot_roll() => AssertRefused("lone", new() { Force = true }, "MeshRoll.NotRestartable", "-Strategy Evict");

    [Fact]
    public void A_workload_that_a_living_run_holds_is_refused_and_one_of_a_dead_run_is_not()
    {
        AssertRefused("taken", Evict, "MeshRoll.WorkloadTaken", "ann@elsewhere");
        AssertRefused("garbled", Evict, "MeshRoll.MarkUnreadable", "Repair-MeshWorkload -Force");
        Assert.IsType<RestartVerdict.Go>(Decide("begun", Evict));
    }

    [Fact]
    public void What_a_dead_run_left_is_finished_though_all_pods_are_up_to_date()
    {
        var go = Assert.IsType<RestartVerdict.Go>(Decide("begun", new() { Strategy = RestartStrategy.Rolling }, isUpToDate: true));
        Assert.Equal(RestartStrategy.Surge, go.Strategy);
        Assert.Contains("to finish what ann@elsewhere", go.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Proposals_say_what_will_be_done()
    {
        Assert.StartsWith("Evict 2 pods one at a time, about ", Action("web", Evict), StringComparison.Ordinal);
        Assert.StartsWith("Evict 2 pods 2 at a time, 5 min apart, about 10 min", Action("web", Evict with { MaxUnavailable = 2, PodDelay = TimeSpan.FromMinutes(5) }), StringComparison.Ordinal);
        Assert.StartsWith("Surge from 3 to 5 pods, evict 2 old pods one at a time, back to 3, about ", Action("web", Surge with { SurgeCount = 2 }), StringComparison.Ordinal);
    }

    private static string Action(string workload, RestartOptions options) => Assert.IsType<RestartVerdict.Go>(Decide(workload, options)).Proposal.Action;

    private static void AssertRefused(string workload, RestartOptions options, string id, string words)
    {
        var error = Assert.IsType<RestartVerdict.Refuse>(Decide(workload, options)).Error;
        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static RestartVerdict Decide(string workload, RestartOptions options, bool isUpToDate = false)
    {
        var found = Workload(workload);
        var pod = new JudgedPod(Some.WebPod("a"), isUpToDate ? new() { Cluster = "c", Namespace = "shop", Pod = "a", Kind = "Deployment", Name = "web", Mesh = "Istio", Container = "istio-proxy", Image = "", Outdated = false } : null, true);
        var facts = new RestartFacts(WorkloadObject.ReferenceOf(found), found, [pod, pod]) { Autoscaler = Autoscaler(workload) };
        return RestartRules.Decide(facts, new(facts.Workload), options, Some.Start, new Others());
    }

    private static AutoscalerReading? Autoscaler(string workload) => workload switch
    {
        "single, no surge, scaled by somebody" => new("scaler"),
        "scaled by nobody knows whom" => new(null, "no right to list horizontalpodautoscalers.autoscaling in shop"),
        _ => null,
    };

    private static IKubernetesObject Workload(string workload) => workload switch
    {
        "single" => Some.Deployment(replicas: 1),
        "single, no surge" or "single, no surge, scaled by somebody" => With(Some.Deployment(replicas: 1), new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = new(0, false), MaxUnavailable = new(1, false) } }),
        "single, Recreate" => With(Some.Deployment(replicas: 1), new() { Type = "Recreate" }),
        "Recreate" => With(Some.Deployment(replicas: 2), new() { Type = "Recreate" }),
        "paused" => Some.Deployment(paused: true),
        "rolling" => Some.Deployment(replicas: 3, updated: 1),
        "set" => Some.StatefulSet(replicas: 3),
        "single set" => Some.StatefulSet(replicas: 1),
        "set, OnDelete" => Some.StatefulSet(replicas: 3, strategy: "OnDelete"),
        "set, partition" => Some.StatefulSet(replicas: 3, partition: 2),
        "agent" => Some.DaemonSet(nodes: 2),
        "agent, OnDelete" => Some.DaemonSet(nodes: 2, strategy: "OnDelete"),
        "canary" => Some.Argo(),
        "lone" => new ReplicaSet { Metadata = new() { Namespace = "shop", Name = "lone" }, Spec = new() { Replicas = 2 } },
        "taken" => Marked(Some.Start, "x"),
        "begun" => Marked(Some.Start - TimeSpan.FromHours(1), "x"),
        "garbled" => Marked(Some.Start, "another"),
        _ => Some.Deployment(replicas: 3),
    };

    private static Deployment With(Deployment deployment, DeploymentStrategy strategy) => deployment with { Spec = deployment.Spec with { Strategy = strategy } };

    private static Deployment Marked(DateTimeOffset beat, string label)
    {
        var deployment = Some.Deployment(replicas: 3);
        var mark = new RestartMark { Run = "x", Strategy = "Surge", By = "ann@elsewhere", Process = 1, Since = beat, Beat = beat, Replicas = 2, Surge = 1 };
        return deployment with
        {
            Metadata = deployment.Metadata with
            {
                Labels = new Dictionary<string, string> { [RestartMark.Key] = label },
                Annotations = new Dictionary<string, string> { [RestartMark.Key] = MarkText.Write(mark) },
            },
        };
    }

    private sealed class Others : IRunRegistry
    {
        public bool MayRun(RestartMark mark) => true;
    }
}
