using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Repair;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Repair;

public sealed class RepairRulesTests
{
    private static readonly DateTimeOffset Now = Some.Start;

    private static readonly RestartMark Mark = new() { Run = "x", Strategy = "Surge", By = "ann@gone", Process = 1, Since = Now - TimeSpan.FromHours(1), Beat = Now - TimeSpan.FromHours(1), Replicas = 3, Surge = 1 };

    [Fact]
    public void Without_a_mark_there_is_nothing_to_repair() => Assert.Null(RepairRules.Decide(Some.Deployment(), false, Now, new Registry()));

    [Theory]
    [InlineData(4, 3, "Set its count of pods back from 4 to 3")]
    [InlineData(6, null, "is 6 by now and stays")]
    public void The_count_is_set_back_unless_somebody_else_has_set_it(int replicas, int? restored, string words)
    {
        var decision = Decide(replicas, MarkText.Write(Mark), force: false);
        Assert.Null(decision.Refusal);
        Assert.Equal(restored, decision.Replicas);
        Assert.Contains(words, decision.Action, StringComparison.Ordinal);
        Assert.Contains("ann@gone", decision.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_without_a_count_just_goes()
    {
        var decision = Decide(4, MarkText.Write(Mark with { Strategy = "Evict", Replicas = null, Surge = 0 }), force: false);
        Assert.Null(decision.Replicas);
        Assert.StartsWith("Take the mark of ann@gone", decision.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_may_live_is_left_alone_unless_forced()
    {
        var fresh = MarkText.Write(Mark with { Beat = Now });
        Assert.Equal("MeshRoll.WorkloadTaken", Decide(4, fresh, force: false).Refusal?.Id);
        Assert.Equal(3, Decide(4, fresh, force: true).Replicas);
    }

    [Fact]
    public void What_cannot_be_read_is_taken_away_only_by_force_and_never_guessed_at()
    {
        var refusal = Decide(4, "nonsense", force: false).Refusal;
        Assert.Equal("MeshRoll.MarkUnreadable", refusal?.Id);
        Assert.Contains("(4)", refusal?.Message, StringComparison.Ordinal);
        Assert.Null(Decide(4, "nonsense", force: true).Replicas);
        Assert.Null(Decide(4, "nonsense", force: true).Refusal);
    }

    private static RepairDecision Decide(int replicas, string annotation, bool force)
    {
        var deployment = Some.Deployment(replicas: replicas);
        IKubernetesObject marked = deployment with
        {
            Metadata = deployment.Metadata with { Labels = new Dictionary<string, string> { [RestartMark.Key] = "x" }, Annotations = new Dictionary<string, string> { [RestartMark.Key] = annotation } },
        };
        return RepairRules.Decide(marked, force, Now, new Registry())!;
    }

    private sealed class Registry : IRunRegistry
    {
        public bool MayRun(RestartMark mark) => true;
    }
}
