namespace MeshRoll.Sandbox.Time;

/// <summary>Something that will happen in the simulation unless it is cancelled before.</summary>
internal sealed class PendingWork
{
    private readonly Simulation _simulation;
    private Action? _work;

    internal PendingWork(Simulation simulation, DateTimeOffset due, bool background, Action work) =>
        (_simulation, Due, IsBackground, _work) = (simulation, due, background, work);

    /// <summary>When it happens, in the sandbox's time.</summary>
    public DateTimeOffset Due { get; }

    /// <summary>Background work happens when its time comes, but virtual time never jumps for its sake.</summary>
    public bool IsBackground { get; }

    /// <summary>Whether it will not happen any more, or already did.</summary>
    public bool IsOver => _work is null;

    /// <summary>Makes it not happen.</summary>
    public void Cancel()
    {
        if (IsOver) return;
        _work = null;
        _simulation.Forget(this);
    }

    internal void Run()
    {
        var work = _work;
        _work = null;
        work?.Invoke();
    }
}
