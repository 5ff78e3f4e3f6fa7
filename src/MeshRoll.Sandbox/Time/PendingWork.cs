namespace MeshRoll.Sandbox.Time;

/// <summary>Something that will happen in the simulation unless it is cancelled before.</summary>
internal sealed class PendingWork
{
    private readonly Action<PendingWork> _cancelled;
    private Action? _work;

    internal PendingWork(DateTimeOffset due, bool background, Action work, Action<PendingWork> cancelled) =>
        (Due, IsBackground, _work, _cancelled) = (due, background, work, cancelled);

    /// <summary>When it happens, in the sandbox's time.</summary>
    public DateTimeOffset Due { get; }

    /// <summary>Background work happens when its time comes, but virtual time never jumps for its sake.</summary>
    public bool IsBackground { get; }

    /// <summary>Whether it will not happen any more, or already did.</summary>
    public bool IsOver => _work is null;

    /// <summary>Makes it not happen. Call inside the simulation.</summary>
    public void Cancel()
    {
        if (_work is null) return;
        _work = null;
        _cancelled(this);
    }

    internal void Run()
    {
        var work = _work;
        _work = null;
        work?.Invoke();
    }
}
