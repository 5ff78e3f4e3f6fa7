namespace MeshRoll.Core.Restarts;

/// <summary>
/// The pace of a walk over workloads, and nothing else: no clock, no cluster. States of a workload: waiting → moving (holds a slot) → ended, or
/// waiting → moving → left (skipped, refused, declined: the slot is free at once). A slot whose workload ended opens again after the delay.
/// After so many failures as are allowed, or when it is told to, the walk has stopped, for good, whatever is still moving.
/// </summary>
/// <param name="count">Workloads, walked in order.</param>
/// <param name="maxConcurrent">Workloads moving at a time; 0 for no limit.</param>
/// <param name="delay">From the end of a workload to the start of the one that takes its place.</param>
/// <param name="stopAfterFailures">Failures after which nothing more is started; 0 for never stopping.</param>
internal sealed class PacedWalk(int count, int maxConcurrent, TimeSpan delay, int stopAfterFailures)
{
    private readonly PriorityQueue<int, DateTimeOffset> _closed = new();
    private bool _isStopped;

    /// <summary>The workload whose turn is next; all from here on are not started.</summary>
    public int Next { get; private set; }

    /// <summary>Workloads that hold a slot.</summary>
    public int Moving { get; private set; }

    /// <summary>Workloads that did not come back.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether nothing more may be started.</summary>
    public bool IsStopped => _isStopped || (stopAfterFailures > 0 && Failures >= stopAfterFailures);

    /// <summary>What to do now. Start hands the next workload its slot; ask again afterwards.</summary>
    public WalkStep Step(DateTimeOffset now)
    {
        while (_closed.TryPeek(out _, out var opens) && opens <= now) _closed.Dequeue();

        if (Next == count) return new(WalkAction.Finish);
        if (IsStopped) return new(WalkAction.Stop);
        if (maxConcurrent == 0 || Moving + _closed.Count < maxConcurrent)
        {
            Moving++;
            return new(WalkAction.Start, Next++);
        }
        return _closed.TryPeek(out _, out var next) ? new(WalkAction.Wait, Until: next) : new(WalkAction.Wait);
    }

    /// <summary>Something other than failures speaks against going on: nothing more is started.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>A workload whose turn it was is left as it is.</summary>
    public void Left() => Moving--;

    /// <summary>A workload that was started has ended.</summary>
    public void Ended(bool failed, DateTimeOffset now)
    {
        Moving--;
        if (failed) Failures++;
        if (delay > TimeSpan.Zero && maxConcurrent > 0) _closed.Enqueue(0, now + delay);
    }
}

/// <summary>What a walk does next.</summary>
/// <param name="Action">What.</param>
/// <param name="Index">Start: which workload.</param>
/// <param name="Until">Wait: when a slot opens; null for until something ends.</param>
internal readonly record struct WalkStep(WalkAction Action, int Index = -1, DateTimeOffset? Until = null);

/// <summary>The kinds of steps.</summary>
internal enum WalkAction
{
    /// <summary>The next workload's turn has come.</summary>
    Start,

    /// <summary>All slots are taken.</summary>
    Wait,

    /// <summary>Too many failures; the rest is not started.</summary>
    Stop,

    /// <summary>All had their turn.</summary>
    Finish,
}
