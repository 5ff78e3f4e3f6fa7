namespace MeshRoll.Core;

/// <summary>Times to look again, and waiting for them.</summary>
internal static class Moments
{
    /// <summary>The earliest of those that are known; null when none is.</summary>
    public static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (var time in times)
        {
            if (time is not null && !(earliest <= time)) earliest = time;
        }
        return earliest;
    }

    /// <summary>Waits for <paramref name="news"/>, until <paramref name="until"/> at the latest where that is given.</summary>
    /// <exception cref="OperationCanceledException">The caller has enough.</exception>
    public static async Task WaitAsync(Task news, DateTimeOffset? until, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (until is not { } time)
        {
            await news.WaitAsync(cancellationToken);
            return;
        }
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = time - clock.GetUtcNow();
        // Task.Delay cuts fractions of a millisecond off: whoever looks again would wait for nothing, again and again, until the fraction is over.
        var timer = Task.Delay(left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero, clock, enough.Token);
        await Task.WhenAny(news, timer);
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
