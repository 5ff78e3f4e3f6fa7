using System.Threading.Channels;

namespace MeshRoll.Pipeline;

/// <summary>
/// Runs a command's work off the pipeline thread and brings what it says back onto it, in order, through a bounded queue. Stopping cancels
/// the work and waits a bounded time for its end; so does an exception from the pipeline, be it a stop or a command downstream that has
/// enough. Start it once; the other members but <see cref="Stop"/> belong to the pipeline thread.
/// </summary>
internal sealed class CommandPump(IPipeline pipeline, TimeProvider time, TimeSpan? endPatience = null) : ICommandOutput, IDisposable
{
    private const int Capacity = 256;
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(5);

    private readonly Channel<PipelineMessage> _queue = Channel.CreateBounded<PipelineMessage>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly ProgressThrottle _progress = new(time);
    private Task _work = Task.CompletedTask;
    private Task<bool>? _more;

    /// <summary>Begins the work on the thread pool.</summary>
    public void Start(Func<ICommandOutput, CancellationToken, Task> work) => _work = Task.Run(async () =>
    {
        try
        {
            await work(this, _stop.Token);
        }
        finally
        {
            _queue.Writer.Complete();
        }
    });

    /// <summary>Writes what the work has said so far; does not wait for more.</summary>
    public void Drain() => Guard(() =>
    {
        WriteQueued();
        WriteProgress(_progress.Take());
    });

    /// <summary>Writes all that the work says until it has ended. Returns what it threw; null when all is well, or when it was stopped.</summary>
    public Exception? Finish()
    {
        Guard(() =>
        {
            while (WaitForMore()) WriteQueued();
            WriteProgress(_progress.TakeEnd());
        });
        if (_stop.IsCancellationRequested) return null;

        try
        {
            _work.GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>Cancels the work. Returns at once and may be called from any thread, also after the end.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        if (WaitForEnd()) _stop.Dispose();
    }

    ValueTask ICommandOutput.WriteAsync(object value) => Send(PipelineMessage.Object(value));

    ValueTask ICommandOutput.WriteErrorAsync(CommandError error) => Send(PipelineMessage.Error(error));

    ValueTask ICommandOutput.WriteWarningAsync(string text) => Send(PipelineMessage.Warning(text));

    ValueTask ICommandOutput.WriteVerboseAsync(string text) => Send(PipelineMessage.Verbose(text));

    ValueTask ICommandOutput.WriteDebugAsync(string text) => Send(PipelineMessage.Debug(text));

    async ValueTask<bool> ICommandOutput.ShouldProcessAsync(string target, string action)
    {
        var question = new ShouldProcessQuestion(target, action);
        await Send(PipelineMessage.Ask(question));
        return await question.Answer.WaitAsync(_stop.Token);
    }

    async ValueTask<T> ICommandOutput.OnPipelineAsync<T>(Func<T> call)
    {
        var pending = new PipelineCall<T>(call);
        await Send(PipelineMessage.Call(pending));
        return await pending.Result.WaitAsync(_stop.Token);
    }

    void ICommandOutput.Report(CommandProgress progress)
    {
        // A full queue needs no wake-up: the pipeline thread is on its way.
        if (_progress.Add(progress)) _queue.Writer.TryWrite(PipelineMessage.Wake);
    }

    private ValueTask Send(PipelineMessage message) => _queue.Writer.WriteAsync(message, _stop.Token);

    private void WriteQueued()
    {
        while (_queue.Reader.TryRead(out var message))
        {
            _stop.Token.ThrowIfCancellationRequested();
            message.WriteTo(pipeline);
            WriteProgress(_progress.Take());
        }
    }

    private void WriteProgress(IReadOnlyList<CommandProgress> states)
    {
        foreach (var state in states) pipeline.WriteProgress(state);
    }

    // False when the work has ended and all is read. Progress that waits for its turn is written meanwhile.
    private bool WaitForMore()
    {
        _more ??= _queue.Reader.WaitToReadAsync(_stop.Token).AsTask();
        while (Task.WaitAny([_more], _progress.Due() ?? Timeout.InfiniteTimeSpan) < 0) WriteProgress(_progress.Take());

        var more = _more.GetAwaiter().GetResult();
        _more = null;
        return more;
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            WaitForEnd();
        }
        catch
        {
            Stop();
            WaitForEnd();
            throw;
        }
    }

    private bool WaitForEnd() => Task.WaitAny([_work], endPatience ?? UsualPatience) == 0;
}
