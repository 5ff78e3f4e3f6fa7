namespace MeshRoll.Core.Rollouts.Following;

/// <summary>One timer for any number of things that want to be looked at again at a time of their own. Not safe for several threads: its owner locks.</summary>
internal sealed class WakeUps<T>(TimeProvider time, Action due) : IDisposable where T : class
{
    private readonly PriorityQueue<T, DateTimeOffset> _queue = new();
    private readonly Dictionary<T, DateTimeOffset> _times = [];
    private ITimer? _timer;
    private DateTimeOffset _armed = DateTimeOffset.MaxValue;

    /// <summary>Wants <paramref name="thing"/> to be due at <paramref name="at"/>, or earlier where that is wanted already.</summary>
    public void Set(T thing, DateTimeOffset at, DateTimeOffset now)
    {
        if (_times.TryGetValue(thing, out var known) && known <= at) return;
        _times[thing] = at;
        _queue.Enqueue(thing, at);
        if (at < _armed) Arm(at, now);
    }

    /// <summary>Takes what is due, one by one; arms the timer for the rest when there is nothing more.</summary>
    public bool TryTake(DateTimeOffset now, out T? thing)
    {
        while (_queue.TryPeek(out thing, out var at))
        {
            var isCurrent = _times.TryGetValue(thing, out var wanted) && wanted == at;
            if (isCurrent && at > now)
            {
                Arm(at, now);
                thing = null;
                return false;
            }
            _queue.Dequeue();
            if (!isCurrent) continue;
            _times.Remove(thing);
            return true;
        }
        _armed = DateTimeOffset.MaxValue;
        return false;
    }

    /// <summary>Nothing more is wanted for <paramref name="thing"/>.</summary>
    public void Forget(T thing) => _times.Remove(thing);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Arm(DateTimeOffset at, DateTimeOffset now)
    {
        _armed = at;
        // Timers take no more than 49 days; an earlier look does no harm.
        var wait = at - now < TimeSpan.Zero ? TimeSpan.Zero : at - now > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : at - now;
        // Rounded up: a timer that fires a fraction early would find nothing due.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        if (_timer is null) _timer = time.CreateTimer(_ => due(), null, wait, Timeout.InfiniteTimeSpan);
        else _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
