namespace MeshRoll.Core.Rollouts;

/// <summary>
/// How a rollout's pods went, in a bounded number of samples: exact while there are few changes, then thinner. The fewest ready pods are never thinned
/// away, as they are what one looks for. Not thread-safe.
/// </summary>
internal sealed class RolloutTimeline
{
    /// <summary>Samples kept; a rollout of thirty pods changes its counts about that often.</summary>
    internal const int Most = 96;

    private readonly List<RolloutSample> _samples = [];

    /// <summary>The samples so far, in order.</summary>
    public IReadOnlyList<RolloutSample> Samples => [.. _samples];

    /// <summary>Notes how it stands. The same counts as before are no news; without any pods known there is nothing to note.</summary>
    public void Add(DateTimeOffset now, MeshRollout rollout)
    {
        // While the controller has not seen the change its counts are of the template before: none of these pods is new.
        var (old, fresh, ready) = rollout.State == RolloutState.Pending ? (rollout.Old + rollout.Updated, 0, rollout.Ready) : (rollout.Old, rollout.Updated, rollout.Ready);
        if (_samples.Count == 0 && (old, fresh, ready) == (0, 0, 0)) return;
        if (_samples.Count > 0 && _samples[^1] is var last && (last.Old, last.New, last.Ready) == (old, fresh, ready)) return;
        if (_samples.Count == Most) Thin();
        _samples.Add(new(now, old, fresh, ready));
    }

    // Of two neighbours the one with fewer ready pods stays, at the time of the first. First and last stay as they are.
    private void Thin()
    {
        List<RolloutSample> kept = [_samples[0]];
        for (var i = 1; i < _samples.Count - 1; i += 2)
        {
            var (first, second) = (_samples[i], _samples[Math.Min(i + 1, _samples.Count - 2)]);
            kept.Add((second.Ready < first.Ready ? second : first) with { Time = first.Time });
        }
        kept.Add(_samples[^1]);
        _samples.Clear();
        _samples.AddRange(kept);
    }
}
