using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Leasing;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Tests.Builders;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Plans.Leasing;

/// <summary>What is wished of a run while it does what was wished before: no wish is lost, and none counts twice.</summary>
public sealed class RunWishTests
{
    private static readonly MeshRolloutPlan s_plan = new() { Name = "night", Id = "3f9a02c71b5e", LeaseNamespace = "shop" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wish_that_comes_while_another_is_taken_off_stays_and_is_seen_at_once()
    {
        var server = new LiveApiServer();
        await using var session = server.Session(TimeProvider.System);
        var control = new RunControl(session);
        await using var lease = await AcquireAsync(session);
        await control.ResumeAsync(s_plan, Cancelled);
        var isFirst = true;
        server.Patching = async (_, _) =>
        {
            if (!isFirst) return;
            isFirst = false;
            await control.StopAsync(s_plan, Cancelled);
        };
        var news = lease.News();

        await lease.FulfilAsync(new(RunWishKind.Resume, RunsOfThisMachine.Instance.By), Cancelled);

        Assert.Equal(RunWishKind.Stop, lease.Wish.Kind);
        Assert.True(news.IsCompleted);
        Assert.StartsWith("stop ", server.Get(Resources.Leases, PlanLease.NameOf(s_plan.Id)).Metadata.Annotations[RunWish.Annotation], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wish_that_is_fulfilled_goes_from_the_Lease_and_is_no_more()
    {
        var server = new LiveApiServer();
        await using var session = server.Session(TimeProvider.System);
        await using var lease = await AcquireAsync(session);
        await new RunControl(session).ResumeAsync(s_plan, Cancelled);

        await lease.FulfilAsync(new(RunWishKind.Resume, RunsOfThisMachine.Instance.By), Cancelled);

        Assert.Equal(RunWish.None, lease.Wish);
        Assert.DoesNotContain(RunWish.Annotation, server.Get(Resources.Leases, PlanLease.NameOf(s_plan.Id)).Metadata.Annotations.Keys);
    }

    private static async Task<PlanLease> AcquireAsync(ClusterSession session)
    {
        var run = RunsOfThisMachine.Instance.Begin(s_plan.Id);
        return (await PlanLease.AcquireAsync(session, s_plan, new(RunsOfThisMachine.Instance.By, Environment.ProcessId, run), _ => false, Cancelled))!;
    }
}
