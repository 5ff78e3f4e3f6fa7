using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Restarts;

namespace MeshRoll.Core.Tests.Restarts;

/// <summary>The whole engine over a server in memory, with random paces and fates; the controllers act at once, on threads of their own.</summary>
public sealed class RandomRunsTests
{
    private enum Fate
    {
        Succeeds,
        Fails,
        KeepsItsSidecar,
        IsForbidden,
        IsUpToDate,
    }

    private sealed record Plan(int MaxConcurrent, int StopAfterFailures, bool FollowToEnd, Fate[] Fates);

    private static readonly Arbitrary<Plan> Plans = (
        from concurrent in Gen.Choose(0, 3)
        from stop in Gen.Choose(0, 2)
        from follow in Gen.Elements(true, false)
        from count in Gen.Choose(1, 12)
        from fates in Gen.ArrayOf(Gen.Frequency((6, Gen.Constant(Fate.Succeeds)), (1, Gen.Constant(Fate.Fails)), (1, Gen.Constant(Fate.KeepsItsSidecar)), (1, Gen.Constant(Fate.IsForbidden)), (1, Gen.Constant(Fate.IsUpToDate))), count)
        select new Plan(concurrent, stop, follow, fates)).ToArbitrary();

    [Fact]
    public void Every_run_keeps_its_promises() => Prop.ForAll(Plans, plan => RunAsync(plan).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private static async Task<bool> RunAsync(Plan plan)
    {
        await using var cluster = new ModelCluster(plan.Fates.Length);
        var fates = cluster.Names.Zip(plan.Fates).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (name, _) in fates.Where(fate => fate.Value == Fate.IsUpToDate)) cluster.Succeed(name);
        cluster.Server.Refuse = asked => asked.Method == "PATCH" && fates[asked.Path[(asked.Path.LastIndexOf('/') + 1)..]] == Fate.IsForbidden ? HttpStatusCode.Forbidden : null;
        var count = cluster.Server.Patched!;
        cluster.Server.Patched = async (@namespace, name) =>
        {
            await count(@namespace, name);
            _ = Task.Run(() =>
            {
                if (fates[name] == Fate.Fails) cluster.Fail(name);
                else cluster.Succeed(name, fates[name] == Fate.KeepsItsSidecar ? "1.7.8" : "1.11.8");
            });
        };

        cluster.Run(new() { MaxConcurrent = plan.MaxConcurrent, StopAfterFailures = plan.StopAfterFailures, FollowToEnd = plan.FollowToEnd });
        await cluster.Reading;

        var events = cluster.Events;
        List<string> started = [.. events.OfType<RestartEvent.Started>().Select(news => news.Rollout.Name)];
        List<string> skipped = [.. events.OfType<RestartEvent.Skipped>().Select(news => news.Rollout.Name)];
        List<string> refused = [.. events.OfType<RestartEvent.Refused>().Select(news => news.Workload.Name)];
        var stopped = events.OfType<RestartEvent.Stopped>().ToList();
        List<string> ended = [.. events.OfType<RestartEvent.Ended>().Select(news => news.Rollout.Name)];

        Assert.Equal(cluster.Names.Order(), started.Concat(skipped).Concat(refused).Order());
        Assert.Equal(cluster.Patched.Order(), started.Order());
        Assert.All(refused, name => Assert.Equal(Fate.IsForbidden, fates[name]));
        Assert.All(skipped.Except(stopped.SelectMany(stop => stop.NotStarted).Select(workload => workload.Name)), name => Assert.True(fates[name] == Fate.IsUpToDate || stopped.Count > 0));
        Assert.True(plan.MaxConcurrent == 0 || cluster.MostMoving <= plan.MaxConcurrent);
        Assert.Equal(ended.Count, ended.Distinct().Count());
        Assert.Empty(ended.Except(started));
        if (plan.FollowToEnd) Assert.Equal(started.Order(), ended.Order());
        if (plan.StopAfterFailures == 0) Assert.Empty(stopped);
        if (plan.StopAfterFailures > 0 && plan.MaxConcurrent == 1) Assert.True(started.Count(name => fates[name] is Fate.Fails or Fate.KeepsItsSidecar) <= plan.StopAfterFailures);
        Assert.All(stopped, stop => Assert.True(stop.Because.Count >= plan.StopAfterFailures));
        return true;
    }
}
