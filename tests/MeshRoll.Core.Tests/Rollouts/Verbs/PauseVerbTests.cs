using System.Text;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Rollouts.Verbs;

public class PauseVerbTests
{
    [Theory]
    [InlineData(false, """{"spec":{"paused":true}}""", "it is not suspended")]
    [InlineData(true, """{"spec":{"paused":null}}""", "it is suspended already, perhaps by somebody else")]
    public void A_Deployment_is_paused_or_resumed_and_one_that_is_so_already_is_left(bool paused, string patch, string because)
    {
        var facts = Whole.Facts(Whole.Workload(Whole.Web, Whole.Template(), paused));
        var (done, left) = paused ? (new ResumeVerb().Decide(facts), new SuspendVerb().Decide(facts)) : (new SuspendVerb().Decide(facts), new ResumeVerb().Decide(facts));
        Assert.Equal(patch, Encoding.UTF8.GetString(Assert.IsType<VerbVerdict.Change>(done).Patch.Json.Span));
        Assert.Equal(because, Assert.IsType<VerbVerdict.Skip>(left).Because);
    }

    [Theory]
    [InlineData("StatefulSet", "rollingUpdate.partition")]
    [InlineData("DaemonSet", "OnDelete")]
    [InlineData("Rollout", "kubectl argo rollouts")]
    [InlineData("Job", "for Deployments only")]
    public void Other_kinds_are_refused_with_what_can_be_done_instead(string kind, string expected)
    {
        var workload = new WorkloadReference("shop", kind, "x");
        foreach (var refusal in (VerbRefusedException[])[new SuspendVerb().RefuseKind(workload)!, new ResumeVerb().RefuseKind(workload)!])
        {
            Assert.Equal(VerbRefusedException.NotSupported, refusal.Id);
            Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Deployments_are_not() => Assert.True(new SuspendVerb().RefuseKind(Whole.Web) is null && new ResumeVerb().RefuseKind(Whole.Web) is null);
}
