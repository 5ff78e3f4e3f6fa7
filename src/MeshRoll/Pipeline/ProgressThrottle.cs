namespace MeshRoll.Pipeline;

/// <summary>
/// Keeps the newest state of each progress bar and lets it through at most four times a second; a state already shown is not shown again.
/// </summary>
internal sealed class ProgressThrottle(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly object _lock = new();
    private readonly Dictionary<int, CommandProgress> _shown = [];
    private readonly Dictionary<int, CommandProgress> _waiting = [];
    private long? _last;

    /// <summary>Takes a new state. Returns whether it is the first to wait: somebody has to come for it.</summary>
    public bool Add(CommandProgress progress)
    {
        lock (_lock)
        {
            var idle = _waiting.Count == 0;
            if (_shown.TryGetValue(progress.Id, out var shown) ? shown == progress : progress.Completed)
            {
                _waiting.Remove(progress.Id);
                return false;
            }
            _waiting[progress.Id] = progress;
            return idle;
        }
    }

    /// <summary>How long until the next states may be shown; null when none wait.</summary>
    public TimeSpan? Due()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0) return null;
            if (_last is not { } last) return TimeSpan.Zero;

            var left = Interval - time.GetElapsedTime(last);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The states to show now; empty when it is too early or nothing moved.</summary>
    public IReadOnlyList<CommandProgress> Take() => Due() == TimeSpan.Zero ? TakeWaiting() : [];

    /// <summary>What takes all bars away that are still there.</summary>
    public IReadOnlyList<CommandProgress> TakeEnd()
    {
        lock (_lock)
        {
            CommandProgress[] ends = [.. _shown.Values.OrderByDescending(bar => bar.Id).Select(bar => bar with { Completed = true })];
            _shown.Clear();
            _waiting.Clear();
            return ends;
        }
    }

    private CommandProgress[] TakeWaiting()
    {
        lock (_lock)
        {
            CommandProgress[] states = [.. _waiting.Values.OrderBy(bar => bar.Id)];
            _waiting.Clear();
            _last = time.GetTimestamp();
            foreach (var state in states)
                if (state.Completed) _shown.Remove(state.Id);
                else _shown[state.Id] = state;
            return states;
        }
    }
}
