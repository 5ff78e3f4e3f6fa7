using MeshRoll.Core.Rollouts;
using MeshRoll.Pipeline;

namespace MeshRoll.Waiting;

/// <summary>
/// Where every rollout that is waited for stands, and the progress bars that show it: the total, and under it a bar for each of the first few
/// that move. Safe to use from several threads.
/// </summary>
internal sealed class RolloutBoard
{
    private const int TotalId = 7200;
    private const int MostBars = 5;

    private readonly object _lock = new();
    private readonly Dictionary<RolloutKey, MeshRollout> _rollouts = [];
    private readonly RolloutKey?[] _bars = new RolloutKey?[MostBars];

    /// <summary>All that have not ended, as last seen.</summary>
    public IReadOnlyList<MeshRollout> Moving
    {
        get
        {
            lock (_lock) return [.. _rollouts.Values.Where(rollout => !rollout.Ended)];
        }
    }

    /// <summary>Takes a rollout as it stands now. Returns whether anything about it is new.</summary>
    public bool Set(MeshRollout rollout)
    {
        lock (_lock)
        {
            var key = RolloutKey.Of(rollout);
            if (_rollouts.TryGetValue(key, out var known) && known == rollout) return false;

            _rollouts[key] = rollout;
            return true;
        }
    }

    /// <summary>The bars as they stand, those to take away included.</summary>
    public IReadOnlyList<CommandProgress> Bars()
    {
        lock (_lock)
        {
            var bars = new List<CommandProgress> { Total() };
            for (var slot = 0; slot < MostBars; slot++)
            {
                if (Free(slot) is { } ended && Next() is null) bars.Add(ended);
                if (_bars[slot] is null) _bars[slot] = Next();
                if (_bars[slot] is { } key) bars.Add(Bar(slot, _rollouts[key]));
            }
            return bars;
        }
    }

    private static int Percent(int part, int whole) => whole <= 0 ? 0 : Math.Clamp(100 * part / whole, 0, 100);

    private static CommandProgress Bar(int slot, MeshRollout rollout) => new(TotalId + 1 + slot, RolloutText.Name(rollout), StatusOf(rollout), Percent(Steps(rollout), 2 * rollout.Desired))
    {
        ParentId = TotalId,
        Remaining = rollout.Remaining,
    };

    // Two steps for each pod: made anew, and available without the help of an old one.
    private static int Steps(MeshRollout rollout) => rollout.State == RolloutState.Pending ? 0 : rollout.Updated + Math.Max(0, rollout.Available - rollout.Old);

    private static string StatusOf(MeshRollout rollout) => rollout.Message.Length > 0 ? $"{RolloutText.Live(rollout with { Remaining = null })}: {rollout.Message}" : RolloutText.Live(rollout with { Remaining = null });

    private CommandProgress Total()
    {
        var ended = _rollouts.Values.Count(rollout => rollout.Ended);
        var failed = _rollouts.Values.Count(rollout => rollout.State is RolloutState.Failed or RolloutState.TimedOut);
        var status = $"{ended} of {_rollouts.Count} ended{(failed > 0 ? $", {failed} of them badly" : "")}";
        return new(TotalId, "Waiting for rollouts", status, Percent(ended, _rollouts.Count));
    }

    // Takes an ended rollout off its bar.
    private CommandProgress? Free(int slot)
    {
        if (_bars[slot] is not { } key || !_rollouts[key].Ended) return null;

        _bars[slot] = null;
        return Bar(slot, _rollouts[key]) with { Completed = true };
    }

    private RolloutKey? Next()
    {
        foreach (var (key, rollout) in _rollouts)
            if (!rollout.Ended && !_bars.Contains(key)) return key;
        return null;
    }
}

/// <summary>Which workload a rollout is of.</summary>
internal sealed record RolloutKey(string Cluster, string Namespace, string Kind, string Name)
{
    public static RolloutKey Of(MeshRollout rollout) => new(rollout.Cluster, rollout.Namespace, rollout.Kind, rollout.Name);
}
