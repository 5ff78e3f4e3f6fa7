using System.Management.Automation;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;

namespace MeshRoll.Pipeline;

/// <summary>
/// Base of all cmdlets: runs asynchronous work off the pipeline thread while this one writes what it says, and ends it on Ctrl+C, when a
/// command downstream has enough, and on disposal. Parameters must be read before the work begins: the next record changes them.
/// </summary>
public abstract class MeshCmdlet : PSCmdlet, IDisposable
{
    private readonly object _lock = new();
    private CommandPump? _pump;
    private bool _stopping;

    /// <summary>How long the work may take to end when it is stopped; null for the usual few seconds.</summary>
    private protected virtual TimeSpan? EndPatience => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ctrl+C, or a command downstream ended the pipeline. Called from another thread.</summary>
    protected sealed override void StopProcessing()
    {
        lock (_lock)
        {
            _stopping = true;
            _pump?.Stop();
        }
        OnStopping();
    }

    /// <summary>Ends the work.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _pump?.Dispose();
    }

    /// <summary>Called after the work was told to stop, from another thread. Must not write to the pipeline.</summary>
    private protected virtual void OnStopping()
    {
    }

    /// <summary>Runs work to its end; what it throws ends the command with an error record.</summary>
    private protected void Run(Func<ICommandOutput, CancellationToken, Task> work)
    {
        if (StartPump(work) is not { } pump) return;

        Finish(pump);
        pump.Dispose();
    }

    /// <summary>Begins work whose output is written by <see cref="CommandPump.Drain"/> and <see cref="Finish"/>; null when the command is being stopped.</summary>
    private protected CommandPump? StartPump(Func<ICommandOutput, CancellationToken, Task> work)
    {
        lock (_lock)
        {
            if (_stopping) return null;

            _pump = new(new CmdletPipeline(this), TimeProvider.System, EndPatience);
            _pump.Start(work);
            return _pump;
        }
    }

    /// <summary>Writes until the work of <paramref name="pump"/> has ended; what it threw ends the command with an error record.</summary>
    private protected void Finish(CommandPump pump)
    {
        if (pump.Finish() is { } failure) ThrowTerminatingError(CmdletPipeline.ToRecord(CommandErrors.From(failure)));
    }

    /// <summary>Does something that may fail for a reason the user can act on; failing ends the command with an error record.</summary>
    private protected T Attempt<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (MeshRollException e)
        {
            ThrowTerminatingError(CmdletPipeline.ToRecord(CommandErrors.From(e)));
            throw;
        }
    }
}
