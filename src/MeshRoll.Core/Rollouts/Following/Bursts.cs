namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// Takes news that come in bursts, and has their subjects looked at one after the other on a pool thread: what is told again before its turn has one
/// turn, for one look sees all that happened until then. Telling never waits for a look.
/// </summary>
/// <param name="look">Looks at a subject; never called twice at a time.</param>
internal sealed class Bursts<T>(Action<T> look) where T : notnull
{
    private readonly object _gate = new();
    private readonly HashSet<T> _waiting = [];
    private readonly Queue<T> _order = new();
    private bool _isLooking;

    /// <summary>Something happened to <paramref name="subject"/>.</summary>
    public void Tell(T subject)
    {
        lock (_gate)
        {
            if (!_waiting.Add(subject)) return;
            _order.Enqueue(subject);
            if (_isLooking) return;
            _isLooking = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static bursts => bursts.LookAtAll(), this, preferLocal: false);
    }

    private void LookAtAll()
    {
        while (TryTake(out var subject)) look(subject);
    }

    private bool TryTake(out T subject)
    {
        lock (_gate)
        {
            _isLooking = _order.TryDequeue(out subject!);
            // Before the look: what happens during it is looked at again.
            if (_isLooking) _waiting.Remove(subject);
            return _isLooking;
        }
    }
}
