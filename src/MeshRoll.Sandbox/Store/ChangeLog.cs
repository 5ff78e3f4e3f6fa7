namespace MeshRoll.Sandbox.Store;

/// <summary>
/// The recent changes of one resource, as a chain: a watch holds the last link it has seen and follows. So a watch costs nothing while nothing
/// happens, and what nobody follows any more is forgotten.
/// </summary>
internal sealed class ChangeLog
{
    private Link _oldest;
    private Link _newest;
    private int _length;

    public ChangeLog(long version) => _oldest = _newest = new Link(new(version, ChangeType.Modified, null!, null));

    /// <summary>Changes up to this version are forgotten.</summary>
    public long ForgottenUpTo { get; private set; }

    /// <summary>The place from which all changes after a version follow, or null where some of them are forgotten. Call inside the simulation.</summary>
    public Link? After(long version)
    {
        if (version < ForgottenUpTo) return null;
        if (version >= _newest.Change.Version) return _newest;
        var link = _oldest;
        while (link.NextOrNull is { } next && next.Change.Version <= version) link = next;
        return link;
    }

    /// <summary>Adds a change and wakes those who wait for it; keeps this many.</summary>
    public void Add(StoreChange change, int keep)
    {
        var link = new Link(change);
        _newest.Follow(link);
        _newest = link;
        _length++;
        while (_length > keep) Forget();
    }

    /// <summary>Forgets everything so far, as a compaction does.</summary>
    public void Compact(long version)
    {
        _oldest = _newest;
        _length = 0;
        ForgottenUpTo = version;
    }

    private void Forget()
    {
        _oldest = _oldest.NextOrNull!;
        ForgottenUpTo = _oldest.Change.Version;
        _length--;
    }

    /// <summary>A change and what came after it.</summary>
    public sealed class Link
    {
        private volatile Link? _next;
        private TaskCompletionSource? _waiting;

        internal Link(StoreChange change) => Change = change;

        /// <summary>The change; of the first link only the version means something.</summary>
        public StoreChange Change { get; }

        /// <summary>What came next, if something did.</summary>
        public Link? NextOrNull => _next;

        /// <summary>Waits for the next change. May be called from anywhere.</summary>
        public async Task<Link> NextAsync(CancellationToken cancellationToken)
        {
            if (_next is { } next) return next;
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var waiting = Interlocked.CompareExchange(ref _waiting, mine, null) ?? mine;
            if (_next is null) await waiting.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return _next!;
        }

        internal void Follow(Link next)
        {
            _next = next;
            Interlocked.MemoryBarrier();
            Volatile.Read(ref _waiting)?.TrySetResult();
        }
    }
}
