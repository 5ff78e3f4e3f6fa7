using System.Threading.Channels;
using MeshRoll.Core.Rollouts;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Waiting;

/// <summary>
/// Follows rollouts from the moment they are added and gives each back when it ended. The followers, one for each cluster, begin with their
/// first rollout.
/// </summary>
internal sealed class WaitWork(bool failFast) : IDisposable
{
    private readonly Channel<Func<ICommandOutput, CancellationToken, Task>> _jobs = Channel.CreateUnbounded<Func<ICommandOutput, CancellationToken, Task>>();
    private readonly Dictionary<object, IRolloutFollower> _followers = [];
    private readonly CancellationTokenSource _failed = new();

    /// <summary>Where each of them stands.</summary>
    public RolloutBoard Board { get; } = new();

    /// <summary>Whether waiting ended early because one failed.</summary>
    public bool EndedEarly => _failed.IsCancellationRequested;

    /// <summary>Follows one more, with the follower of its cluster.</summary>
    public void Add(MeshRollout rollout, object cluster, Func<IRolloutFollower> create)
    {
        Board.Set(rollout);
        if (EndedEarly) return;

        lock (_followers)
        {
            if (!_followers.TryGetValue(cluster, out var follower))
            {
                _followers[cluster] = follower = create();
                Begin((output, cancellationToken) => FollowAsync(follower, output, cancellationToken));
            }
            follower.Add(rollout);
        }
    }

    /// <summary>Begins work beside the waiting, such as finding out what else to wait for.</summary>
    public void Begin(Func<ICommandOutput, CancellationToken, Task> job) => _jobs.Writer.TryWrite(job);

    /// <summary>No more will come.</summary>
    public void Complete()
    {
        lock (_followers)
        {
            foreach (var follower in _followers.Values) follower.Complete();
        }
        _jobs.Writer.TryComplete();
    }

    /// <summary>Follows until all have ended, or, failing fast, until one failed.</summary>
    public async Task RunAsync(ICommandOutput output, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failed.Token);
        var running = new List<Task>();
        await UnlessEndedEarly(async () =>
        {
            await foreach (var job in _jobs.Reader.ReadAllAsync(linked.Token)) running.Add(job(output, linked.Token));
        });
        await UnlessEndedEarly(() => Task.WhenAll(running));
    }

    /// <inheritdoc/>
    public void Dispose() => _failed.Dispose();

    private async Task UnlessEndedEarly(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (OperationCanceledException) when (EndedEarly)
        {
            // One failed, and nobody wants to know about the others.
        }
    }

    private async Task FollowAsync(IRolloutFollower follower, ICommandOutput output, CancellationToken cancellationToken)
    {
        await using var ending = follower;
        try
        {
            await foreach (var happening in follower.Events(cancellationToken)) await TellAsync(happening, output);
        }
        catch (MeshRollException e)
        {
            await output.WriteErrorAsync(CommandErrors.From(e));
        }
    }

    private async ValueTask TellAsync(RolloutEvent happening, ICommandOutput output)
    {
        switch (happening)
        {
            case RolloutEvent.Changed(var rollout) when Board.Set(rollout):
                foreach (var bar in Board.Bars()) output.Report(bar);
                await output.WriteVerboseAsync($"{RolloutText.Line(rollout)} ({RolloutText.Live(rollout)})");
                break;
            case RolloutEvent.Ended(var rollout):
                Board.Set(rollout);
                foreach (var bar in Board.Bars()) output.Report(bar);
                await output.WriteVerboseAsync($"{rollout.State}: {RolloutText.Line(rollout)}");
                await output.WriteAsync(rollout);
                foreach (var error in RolloutErrors.Of(rollout)) await output.WriteErrorAsync(error);
                if (failFast && RolloutErrors.IsFailure(rollout)) await _failed.CancelAsync();
                break;
            case RolloutEvent.Remark(var text):
                await output.WriteWarningAsync(text);
                break;
        }
    }
}
