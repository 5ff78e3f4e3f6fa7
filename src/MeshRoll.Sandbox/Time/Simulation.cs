namespace MeshRoll.Sandbox.Time;

/// <summary>
/// The order of everything that happens in a sandbox. All state is touched by one at a time, either by work whose time has come or by a request
/// that enters; work of one instant happens in the order in which it was planned. So a run is a function of its seed and its requests.
/// </summary>
/// <remarks>
/// Before <see cref="Start"/> nothing happens by itself: <see cref="Settle"/> runs the world up, jumping from event to event. Afterwards time
/// passes as the options say, on pool threads, and only while there is something to do.
/// </remarks>
internal sealed class Simulation : IDisposable
{
    private readonly object _gate = new();
    private readonly PriorityQueue<PendingWork, (long Due, long Order)> _pending = new(new ByTurn());
    private readonly TimeProvider _provider;
    private readonly double _scale;
    private readonly Action<PendingWork> _forgo;
    private ITimer? _alarm;
    private DateTimeOffset _now;
    private DateTimeOffset _origin;
    private long _originTimestamp;
    private long _order;
    private int _foreground;
    private bool _running;
    private bool _stopped;
    private int _pumping;
    private TaskCompletionSource? _idle;

    public Simulation(SimulationOptions options)
    {
        _provider = options.TimeProvider;
        _scale = options.Scale;
        _forgo = Forgo;
        _now = _provider.GetUtcNow();
        Random = new Random(options.Seed);
    }

    /// <summary>The time in the sandbox, UTC.</summary>
    public DateTimeOffset Now => _now;

    /// <summary>The only source of chance. Used inside the simulation only.</summary>
    public Random Random { get; }

    /// <summary>Whether time jumps to the next event instead of passing.</summary>
    public bool IsVirtual => double.IsPositiveInfinity(_scale);

    /// <summary>Sets the clock of a world that has not started yet.</summary>
    public void SetTime(DateTimeOffset now)
    {
        if (_running) throw new InvalidOperationException("Time cannot be set once it runs.");
        _now = now;
    }

    /// <summary>Plans work for later. Call inside the simulation.</summary>
    public PendingWork After(TimeSpan delay, Action work, bool background = false)
    {
        var pending = new PendingWork(_now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), background, work, _forgo);
        if (!background) _foreground++;
        _pending.Enqueue(pending, (pending.Due.UtcTicks, _order++));
        return pending;
    }

    /// <summary>Plans work for this very instant, after what is already planned for it. Call inside the simulation.</summary>
    public PendingWork Soon(Action work) => After(TimeSpan.Zero, work);

    /// <summary>Enters from outside, for a request: alone with the state, at the present time.</summary>
    public T Enter<T>(Func<T> work)
    {
        var before = 0L;
        try
        {
            lock (_gate)
            {
                AdvanceToPresent();
                before = _order;
                return work();
            }
        }
        finally
        {
            // A read plans nothing: what was planned before has its alarm. What is refused may have planned something all the same.
            if (Volatile.Read(ref _order) != before) Pump();
        }
    }

    /// <inheritdoc cref="Enter{T}"/>
    public void Enter(Action work) => Enter(() =>
    {
        work();
        return true;
    });

    /// <summary>Runs everything that is planned, jumping over the time between, at most this far; background work runs only on the way.</summary>
    public void Settle(TimeSpan atMost)
    {
        lock (_gate)
        {
            var end = _now + atMost;
            while (RunNext(end, jump: true))
            {
                // One after the other.
            }
        }
    }

    /// <summary>From now on time passes by itself, beginning at this time.</summary>
    public void Start(DateTimeOffset now)
    {
        lock (_gate)
        {
            (_now, _origin, _originTimestamp) = (now, now, _provider.GetTimestamp());
            _alarm = _provider.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _running = true;
        }
        Pump();
    }

    /// <summary>Completes as soon as nothing is due at the present time (virtual time: as soon as nothing but background work is left).</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            if (_stopped || !HasWork()) return Task.CompletedTask;
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Nothing happens any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _pending.Clear();
            _idle?.TrySetResult();
        }
        _alarm?.Dispose();
    }

    /// <summary>Does what is due on a pool thread, unless somebody is at it already.</summary>
    private void Pump()
    {
        if (!_running || Interlocked.Exchange(ref _pumping, 1) == 1) return;
        ThreadPool.UnsafeQueueUserWorkItem(static simulation => simulation.Work(), this, preferLocal: false);
    }

    private void Work()
    {
        while (true)
        {
            // The gate is given up after each event, so that requests come through in between.
            while (RunOne())
            {
            }
            Volatile.Write(ref _pumping, 0);
            lock (_gate)
            {
                AdvanceToPresent();
                if (_stopped) return;
                if (!HasWork())
                {
                    _idle?.TrySetResult();
                    _idle = null;
                    SetAlarm();
                    return;
                }
            }
            if (Interlocked.Exchange(ref _pumping, 1) == 1) return;
        }
    }

    private bool RunOne()
    {
        lock (_gate)
        {
            if (_stopped) return false;
            AdvanceToPresent();
            return RunNext(IsVirtual ? DateTimeOffset.MaxValue : _now, jump: IsVirtual);
        }
    }

    /// <summary>Whether something can happen right now.</summary>
    private bool HasWork()
    {
        DropCancelled();
        return _pending.TryPeek(out var next, out _) && (next.Due <= _now || (IsVirtual && _foreground > 0));
    }

    private bool RunNext(DateTimeOffset end, bool jump)
    {
        DropCancelled();
        if (!_pending.TryPeek(out var next, out _) || next.Due > end) return false;
        if (next.Due > _now && (!jump || _foreground == 0)) return false;

        _pending.Dequeue();
        if (!next.IsBackground) _foreground--;
        if (next.Due > _now) _now = next.Due;
        next.Run();
        return true;
    }

    // Work that will not happen must not make virtual time run on, even while it waits in the queue behind background work.
    private void Forgo(PendingWork cancelled)
    {
        if (!cancelled.IsBackground) _foreground--;
    }

    private void DropCancelled()
    {
        while (_pending.TryPeek(out var next, out _) && next.IsOver)
        {
            _pending.Dequeue();
        }
    }

    /// <summary>Virtual time stands still between events; any other runs with the provider's clock.</summary>
    private void AdvanceToPresent()
    {
        if (!_running || IsVirtual) return;
        var present = _origin + (_provider.GetElapsedTime(_originTimestamp) * _scale);
        if (present > _now) _now = present;
    }

    private void SetAlarm()
    {
        if (!_pending.TryPeek(out var next, out _) || IsVirtual) return;
        var wait = (next.Due - _now) / _scale;
        // Timers count whole milliseconds: a rounded-down one would fire too early, again and again.
        _alarm!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, 86_400_000))), Timeout.InfiniteTimeSpan);
    }

    private sealed class ByTurn : IComparer<(long Due, long Order)>
    {
        public int Compare((long Due, long Order) x, (long Due, long Order) y) => x.Due != y.Due ? x.Due.CompareTo(y.Due) : x.Order.CompareTo(y.Order);
    }
}
