namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>The clocks of a machine: one on the wall, which somebody may set, and one that only goes on while the machine is awake (CLOCK_MONOTONIC).</summary>
internal sealed class MachineClock(Agenda agenda, DateTimeOffset start) : TimeProvider
{
    private readonly List<Timer> _held = [];
    private long _asleep;

    /// <summary>How far the clock on the wall is off.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>Whether nothing of this machine goes on.</summary>
    public bool IsHalted { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private long Awake => agenda.Now - _asleep;

    public override DateTimeOffset GetUtcNow() => start + Offset + new TimeSpan(agenda.Now);

    public override long GetTimestamp() => Awake;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Nothing goes on any more.</summary>
    public void Halt() => IsHalted = true;

    /// <summary>It goes on after so long. What came due meanwhile comes at once, in any order; of a machine that slept the clock did not go on.</summary>
    public void Wake(TimeSpan halted, bool slept, Random random)
    {
        IsHalted = false;
        if (slept) _asleep += halted.Ticks;
        Timer[] held = [.. _held];
        _held.Clear();
        random.Shuffle(held);
        foreach (var timer in held) timer.Plan();
    }

    private sealed class Timer(MachineClock clock, Action run) : ITimer
    {
        private long _due = -1;
        private TimeSpan _period;
        private int _turn;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _turn);
            (_period, _due) = (period, dueTime == Timeout.InfiniteTimeSpan ? -1 : clock.Awake + dueTime.Ticks);
            Plan();
            return true;
        }

        public void Plan()
        {
            if (_due < 0) return;
            var turn = Volatile.Read(ref _turn);
            clock.At(_due, () => Fire(turn));
        }

        public void Dispose()
        {
            Interlocked.Increment(ref _turn);
            _due = -1;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int turn)
        {
            if (turn != Volatile.Read(ref _turn)) return;
            if (clock.IsHalted)
            {
                clock._held.Add(this);
                return;
            }
            if (clock.Awake < _due)
            {
                Plan();
                return;
            }
            if (_period > TimeSpan.Zero)
            {
                _due = clock.Awake + _period.Ticks;
                Plan();
            }
            else _due = -1;
            clock.Stir();
            run();
        }
    }

    private void Stir() => agenda.Stir();

    private void At(long due, Action happens) => agenda.At(due + _asleep, happens);
}
