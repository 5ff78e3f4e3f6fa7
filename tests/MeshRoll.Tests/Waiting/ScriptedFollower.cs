using System.Threading.Channels;
using MeshRoll.Core.Rollouts;
using MeshRoll.Waiting;

namespace MeshRoll.Tests.Waiting;

/// <summary>A follower whose events the test says.</summary>
internal sealed class ScriptedFollower : IRolloutFollower
{
    private readonly Channel<RolloutEvent> _events = Channel.CreateUnbounded<RolloutEvent>();

    public List<MeshRollout> Added { get; } = [];

    public bool Completed { get; private set; }

    public bool Disposed { get; private set; }

    public void Add(MeshRollout rollout) => Added.Add(rollout);

    public void Complete() => Completed = true;

    public IAsyncEnumerable<RolloutEvent> Events(CancellationToken cancellationToken) => _events.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    public void Say(params RolloutEvent[] events)
    {
        foreach (var happening in events) _events.Writer.TryWrite(happening);
    }

    public void End() => _events.Writer.Complete();
}
