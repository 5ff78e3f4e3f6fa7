namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>One watch, which a fault may end at any time.</summary>
internal sealed class FaultyWatch(IRequestHandler inner, HttpRequest request, HttpResponse response, WireFaults faults, TimeProvider clock)
{
    private readonly object _lock = new();
    private CancellationTokenSource? _running;
    private WireVerdict? _verdict;

    /// <summary>Lets the watch run until it ends or is ended.</summary>
    /// <param name="known">What is decided for it already: that it shall expire; null for nothing.</param>
    /// <param name="cancellationToken">Ends when the client is gone.</param>
    public async Task RunAsync(WireVerdict? known, CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _running = running;
        var interruptible = new InterruptibleResponse(response, cancellationToken);
        using var watch = faults.Watch(request, verdict => _ = EndLaterAsync(verdict, interruptible, running.Token));
        try
        {
            if (known is not null) _ = EndLaterAsync(known, interruptible, running.Token);
            // One that is over before it began need not begin.
            if (!running.IsCancellationRequested) await inner.HandleAsync(request, interruptible, running.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && _verdict is not null)
        {
            // By the fault.
        }
        finally
        {
            lock (_lock) _running = null;
        }

        if (_verdict is { Action: WireAction.Expire } && !interruptible.IsEnded) await ExpireAsync(interruptible, cancellationToken);
    }

    private async Task EndLaterAsync(WireVerdict verdict, InterruptibleResponse interruptible, CancellationToken cancellationToken)
    {
        try
        {
            if (verdict.Latency > TimeSpan.Zero) await Task.Delay(verdict.Latency, clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        CancellationTokenSource running;
        lock (_lock)
        {
            if (_running is null || _verdict is not null) return;
            _verdict = verdict;
            running = _running;
        }
        interruptible.Interrupt();
        Note(verdict);
        // Not left to the watch: it may be stuck in a write to a client that does not read.
        if (verdict.Action is WireAction.Cut) response.Abort();
        try
        {
            await running.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the meantime.
        }
    }

    private async Task ExpireAsync(InterruptibleResponse interruptible, CancellationToken cancellationToken)
    {
        var contentType = interruptible.Stream is null ? ExpiredEvent.ContentTypeFor(request) : interruptible.ContentType;
        await using var stream = interruptible.Stream ?? await response.BeginAsync(200, contentType, cancellationToken);
        await stream.WriteAsync(ExpiredEvent.Write(contentType), cancellationToken);
    }

    private void Note(WireVerdict verdict)
    {
        if (response.Fault.Split(", ").Contains(verdict.Names)) return;
        response.Fault = response.Fault.Length == 0 ? verdict.Names : $"{response.Fault}, {verdict.Names}";
    }
}
