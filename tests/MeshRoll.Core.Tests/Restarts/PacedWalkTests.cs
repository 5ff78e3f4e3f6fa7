using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Restarts;

namespace MeshRoll.Core.Tests.Restarts;

/// <summary>The pace in virtual time, against a model of workloads that take their time, fail, or are left alone.</summary>
public sealed class PacedWalkTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>What becomes of a workload once its turn has come.</summary>
    private enum Fate
    {
        Succeeds,
        Fails,
        IsLeft,
    }

    private sealed record Plan(int MaxConcurrent, int DelaySeconds, int StopAfterFailures, (Fate Fate, int Seconds)[] Workloads);

    private sealed record Outcome(List<(int Index, DateTimeOffset At)> Starts, List<(int Index, DateTimeOffset At)> Ends, int MostMoving, bool Stopped, int NotStarted, List<string> Faults);

    private static readonly Arbitrary<Plan> Plans = (
        from concurrent in Gen.Choose(0, 4)
        from delay in Gen.Choose(0, 5)
        from stop in Gen.Choose(0, 3)
        from workloads in Gen.ArrayOf(
            from fate in Gen.Frequency((6, Gen.Constant(Fate.Succeeds)), (2, Gen.Constant(Fate.Fails)), (2, Gen.Constant(Fate.IsLeft)))
            from seconds in Gen.Choose(1, 20)
            select (fate, seconds))
        select new Plan(concurrent, delay, stop, workloads)).ToArbitrary();

    [Fact]
    public void Never_more_move_than_allowed() => Check((plan, run) => plan.MaxConcurrent == 0 || run.MostMoving <= plan.MaxConcurrent);

    [Fact]
    public void Everyone_gets_a_turn_in_order_or_is_reported_as_not_started() => Check((plan, run) =>
        run.Starts.Select(start => start.Index).SequenceEqual(Enumerable.Range(0, run.Starts.Count)) && run.Starts.Count + run.NotStarted == plan.Workloads.Length);

    [Fact]
    public void Nothing_starts_after_as_many_failures_as_are_allowed() => Check((plan, run) =>
    {
        if (plan.StopAfterFailures == 0) return !run.Stopped;
        var failures = run.Ends.Where(end => plan.Workloads[end.Index].Fate == Fate.Fails).OrderBy(end => end.At).ToList();
        return failures.Count < plan.StopAfterFailures || run.Starts.All(start => start.At <= failures[plan.StopAfterFailures - 1].At);
    });

    [Fact]
    public void It_stops_only_for_failures() => Check((plan, run) =>
        run.NotStarted == 0 || run.Ends.Count(end => plan.Workloads[end.Index].Fate == Fate.Fails) >= plan.StopAfterFailures);

    [Fact]
    public void A_place_is_taken_again_only_after_the_delay() => Check((plan, run) =>
    {
        if (plan.MaxConcurrent == 0) return true;
        // At every start, those moving and those whose delay is not over hold a place each.
        return run.Starts.All(start => run.Starts.Count(other => other.Index <= start.Index && plan.Workloads[other.Index].Fate != Fate.IsLeft
            && run.Ends.First(end => end.Index == other.Index).At.AddSeconds(plan.DelaySeconds) > start.At) <= plan.MaxConcurrent);
    });

    [Fact]
    public void No_place_stays_empty_without_need() => Check((_, run) => run.Faults.Count == 0);

    [Fact]
    public void Without_a_limit_all_start_at_once()
    {
        var run = Walk(new(0, 5, 1, [(Fate.Succeeds, 9), (Fate.Fails, 9), (Fate.Succeeds, 9)]));

        Assert.All(run.Starts, start => Assert.Equal(Start, start.At));
        Assert.Equal(3, run.Starts.Count);
    }

    [Fact]
    public void One_at_a_time_with_a_delay_starts_each_that_long_after_the_end_of_the_one_before()
    {
        var run = Walk(new(1, 5, 1, [(Fate.Succeeds, 10), (Fate.IsLeft, 1), (Fate.Succeeds, 10)]));

        Assert.Equal([0, 15, 15], run.Starts.Select(start => (start.At - Start).TotalSeconds));
    }

    private static void Check(Func<Plan, Outcome, bool> holds) =>
        Prop.ForAll(Plans, plan => holds(plan, Walk(plan))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>Walks in virtual time: the clock jumps to the next end, or to the next place that opens.</summary>
    private static Outcome Walk(Plan plan)
    {
        var walk = new PacedWalk(plan.Workloads.Length, plan.MaxConcurrent, TimeSpan.FromSeconds(plan.DelaySeconds), plan.StopAfterFailures);
        var moving = new PriorityQueue<int, DateTimeOffset>();
        var run = new Outcome([], [], 0, false, 0, []);
        var now = Start;
        while (true)
        {
            var step = walk.Step(now);
            switch (step.Action)
            {
                case WalkAction.Start:
                    run.Starts.Add((step.Index, now));
                    var (fate, seconds) = plan.Workloads[step.Index];
                    if (fate == Fate.IsLeft) walk.Left();
                    else moving.Enqueue(step.Index, now.AddSeconds(seconds));
                    run = run with { MostMoving = Math.Max(run.MostMoving, moving.Count) };
                    break;
                case WalkAction.Wait:
                    if (step.Until is null && moving.Count == 0) run.Faults.Add("waits for nothing");
                    if (run.Faults.Count > 0) return run;
                    now = Advance(now, step.Until);
                    break;
                default:
                    while (moving.TryDequeue(out var rest, out var end)) run.Ends.Add((rest, end));
                    return run with { Stopped = step.Action == WalkAction.Stop, NotStarted = plan.Workloads.Length - walk.Next };
            }
        }

        DateTimeOffset Advance(DateTimeOffset from, DateTimeOffset? opens)
        {
            if (moving.TryPeek(out var index, out var end) && !(opens < end))
            {
                moving.Dequeue();
                run.Ends.Add((index, end));
                walk.Ended(plan.Workloads[index].Fate == Fate.Fails, end);
                return end;
            }
            return opens ?? from;
        }
    }
}
