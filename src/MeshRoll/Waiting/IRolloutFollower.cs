using MeshRoll.Core.Rollouts;

namespace MeshRoll.Waiting;

/// <summary>What waiting needs of a follower: the engine's, or a scripted one in tests.</summary>
internal interface IRolloutFollower : IAsyncDisposable
{
    /// <summary>Follows one more.</summary>
    void Add(MeshRollout rollout);

    /// <summary>No more will come.</summary>
    void Complete();

    /// <summary>What happens.</summary>
    IAsyncEnumerable<RolloutEvent> Events(CancellationToken cancellationToken);
}

/// <summary>The engine's.</summary>
internal sealed class EngineFollower(RolloutFollower follower) : IRolloutFollower
{
    public void Add(MeshRollout rollout) => follower.Add(rollout);

    public void Complete() => follower.Complete();

    public IAsyncEnumerable<RolloutEvent> Events(CancellationToken cancellationToken) => follower.Events(cancellationToken);

    public ValueTask DisposeAsync() => follower.DisposeAsync();
}
