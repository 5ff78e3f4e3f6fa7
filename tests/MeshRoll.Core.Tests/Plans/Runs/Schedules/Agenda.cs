namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>
/// Virtual time: what is to happen, in order. One thing happens at a time, and the next only when all that came of the one before has come to rest, so that
/// the real code may run on its own threads and yet time never runs ahead of it.
/// </summary>
internal sealed class Agenda
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly int Most = MostThreads();
    // Threads of the pool that are busy with something else, all the time.
    private static int s_others = Quiet();

    private readonly object _gate = new();
    private readonly PriorityQueue<Action, (long Due, long Order)> _coming = new();
    private long _order;
    private bool _isStirred;

    /// <summary>Ticks since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>Things that have happened.</summary>
    public long Happened { get; private set; }

    /// <summary>Something is to happen then; not before what is to happen at the same time already.</summary>
    public void At(long due, Action happens)
    {
        lock (_gate) _coming.Enqueue(happens, (Math.Max(due, Now), _order++));
    }

    /// <summary>Something is to happen after a while.</summary>
    public void After(TimeSpan delay, Action happens) => At(Now + delay.Ticks, happens);

    /// <summary>What happens now sets the code under test in motion: it is to come to rest before anything else happens.</summary>
    public void Stir() => _isStirred = true;

    /// <summary>Lets things happen until nothing is left to wait for. False when that is not so at the end of the time given.</summary>
    public bool Run(Func<bool> isOver, TimeSpan atMost)
    {
        var end = Now + atMost.Ticks;
        while (true)
        {
            if (_isStirred) Settle();
            _isStirred = false;
            if (isOver()) return true;
            Action happens;
            lock (_gate)
            {
                if (!_coming.TryPeek(out _, out var next) || next.Due > end) return false;
                happens = _coming.Dequeue();
                Now = next.Due;
            }
            Happened++;
            happens();
        }
    }

    /// <summary>
    /// Waits until no thread of the pool works on anything: whatever the code under test does now, it waits for the agenda. Where other work keeps threads of
    /// the pool, so many are taken for foreign from then on.
    /// </summary>
    private static void Settle()
    {
        var began = 0L;
        var wait = new SpinWait();
        while (true)
        {
            if (ThreadPool.PendingWorkItemCount == 0)
            {
                var busy = Busy();
                if (busy < s_others) s_others = busy;
                if (busy <= s_others && ThreadPool.PendingWorkItemCount == 0) return;
                if (wait.Count > 100)
                {
                    if (began == 0) began = Environment.TickCount64;
                    else if (Environment.TickCount64 - began > Patience.TotalMilliseconds)
                    {
                        s_others = busy;
                        return;
                    }
                }
            }
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private static int Busy()
    {
        ThreadPool.GetAvailableThreads(out var available, out _);
        return Most - available;
    }

    private static int MostThreads()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        return most;
    }

    private static int Quiet() => Enumerable.Range(0, 20).Min(_ =>
    {
        Thread.Sleep(5);
        return Busy();
    });
}
