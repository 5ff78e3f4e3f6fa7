using MeshRoll.Core.Rollouts;
using MeshRoll.Tests.Connections;
using MeshRoll.Tests.Pipeline;
using MeshRoll.Waiting;

namespace MeshRoll.Tests.Waiting;

public sealed class WaitWorkTests : IAsyncDisposable
{
    private readonly RecordingOutput _output = new();
    private readonly ScriptedFollower _one = new();
    private readonly ScriptedFollower _two = new();

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Every_rollout_comes_out_as_it_ends_however_it_ended()
    {
        using var wait = Follow(false, "web", "db", "api");
        wait.Complete();
        _one.Say(Ended("db", RolloutState.Failed), Ended("web", RolloutState.Complete), Ended("api", RolloutState.TimedOut));
        _one.End();
        await wait.RunAsync(_output, CancellationToken.None);

        Assert.Equal(["db", "web", "api"], _output.Written.Cast<MeshRollout>().Select(rollout => rollout.Name));
        Assert.Equal(["MeshRoll.RolloutFailed", "MeshRoll.RolloutTimedOut"], _output.Errors.Select(error => error.Id));
        Assert.True(_one.Disposed);
        Assert.Empty(wait.Board.Moving);
    }

    [Fact]
    public async Task Failing_fast_ends_with_the_first_failure_and_knows_what_still_moves()
    {
        using var wait = Follow(true, "web", "db");
        wait.Add(Clusters.Rollout("far", cluster: "two"), "two", () => _two);
        wait.Complete();
        _one.Say(Ended("db", RolloutState.Failed));
        await wait.RunAsync(_output, CancellationToken.None);

        Assert.True(wait.EndedEarly);
        Assert.Equal(["far", "web"], wait.Board.Moving.Select(rollout => rollout.Name).Order(StringComparer.Ordinal));
        Assert.Single(_output.Errors);
        Assert.True(_one.Disposed);
        Assert.True(_two.Disposed);
    }

    [Fact]
    public async Task What_arrives_after_a_fast_failure_is_remembered_and_not_followed()
    {
        using var wait = Follow(true, "web");
        wait.Complete();
        _one.Say(Ended("web", RolloutState.Failed));
        await wait.RunAsync(_output, CancellationToken.None);
        wait.Add(Clusters.Rollout("late"), "one", () => throw new InvalidOperationException("not to be followed"));

        Assert.Equal(["late"], wait.Board.Moving.Select(rollout => rollout.Name));
        Assert.Equal(["web"], _one.Added.Select(rollout => rollout.Name));
    }

    [Fact]
    public async Task Each_cluster_has_one_follower_that_learns_when_no_more_come()
    {
        using var wait = Follow(false, "web", "db");
        Assert.False(_one.Completed);
        wait.Complete();
        Assert.True(_one.Completed);
        Assert.Equal(2, _one.Added.Count);

        _one.End();
        await wait.RunAsync(_output, CancellationToken.None);
    }

    [Fact]
    public async Task Stopping_ends_waiting_and_leaves_the_moving_ones_known()
    {
        using var wait = Follow(false, "web");
        using var stop = new CancellationTokenSource();
        var running = wait.RunAsync(_output, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(["web"], wait.Board.Moving.Select(rollout => rollout.Name));
    }

    [Fact]
    public async Task Every_change_is_progress_and_verbose_but_the_same_state_twice_is_nothing()
    {
        var moved = Clusters.Rollout("web") with { Updated = 1, Desired = 3, Message = "1 of 3 pods are new" };
        using var wait = Follow(false, "web");
        wait.Complete();
        _one.Say(new RolloutEvent.Changed(moved), new RolloutEvent.Changed(moved));
        _one.End();
        await wait.RunAsync(_output, CancellationToken.None);

        Assert.Equal(["shop deployment/web: 1 of 3 pods are new (1/3 updated, 0 ready, 0 available)"], _output.Verbose);
        Assert.Equal(["Waiting for rollouts", "shop deployment/web"], _output.Progress.Select(bar => bar.Activity));
    }

    [Fact]
    public async Task A_lost_connection_is_a_warning()
    {
        using var wait = Follow(false, "web");
        wait.Complete();
        _one.Say(new RolloutEvent.Remark("the server is out of reach"));
        _one.End();
        await wait.RunAsync(_output, CancellationToken.None);

        Assert.Equal(["the server is out of reach"], _output.Warnings);
    }

    private static RolloutEvent.Ended Ended(string name, RolloutState state) => new(Clusters.Rollout(name, state));

    private WaitWork Follow(bool failFast, params string[] names)
    {
        var wait = new WaitWork(failFast);
        foreach (var name in names) wait.Add(Clusters.Rollout(name), "one", () => _one);
        return wait;
    }
}
