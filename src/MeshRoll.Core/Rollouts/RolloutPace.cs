namespace MeshRoll.Core.Rollouts;

/// <summary>
/// How fast a rollout has been so far: pods that became new and available since measuring began, and when the last of them did. Immutable. Pods come
/// in steps, so the clock of the pace stops with the last of them: between two steps the estimate runs down rather than up.
/// </summary>
/// <param name="Start">When measuring began, UTC.</param>
/// <param name="Before">Pods that were new and available then; they say nothing of the pace.</param>
/// <param name="Done">Pods that are now.</param>
/// <param name="At">When the last one became so, UTC; the start while none has.</param>
internal sealed record RolloutPace(DateTimeOffset Start, int Before, int Done, DateTimeOffset At)
{
    /// <summary>Begins to measure. Who knows when the rollout began knows that no pod was new before.</summary>
    public static RolloutPace From(DateTimeOffset start, int before) => new(start, before, before, start);

    /// <summary>Takes in another look. Fewer pods than at the start are those of another rollout: then measuring begins anew.</summary>
    public RolloutPace See(int done, DateTimeOffset now) => (done - Done) switch
    {
        0 => this,
        > 0 => this with { Done = done, At = now },
        _ => done < Before || done == 0 ? From(now, done) : this with { Done = done },
    };

    /// <summary>
    /// The time left until <paramref name="total"/> pods are new and available. Before a whole step is done the larger of pace and estimate counts, as its
    /// first pods may only be the quickest; from then on what was measured. Null when the time that was to be expected is over, and while nothing tells.
    /// </summary>
    /// <param name="expected">The estimate for all of them; null when there is none.</param>
    /// <param name="total">Pods that are to be replaced.</param>
    /// <param name="atATime">Pods that move at a time: a step.</param>
    /// <param name="now">The moment, UTC.</param>
    public TimeSpan? Remaining(TimeSpan? expected, int total, int atATime, DateTimeOffset now)
    {
        if (Done >= total) return TimeSpan.Zero;
        var (left, made) = (total - Done, Done - Before);
        TimeSpan? byEstimate = expected * ((double)left / total);
        TimeSpan? byPace = made > 0 && At > Start ? (At - Start) * ((double)left / made) : null;
        var whole = byPace is null || made >= atATime ? byPace ?? byEstimate : byEstimate > byPace ? byEstimate : byPace;
        if (whole is not { } rest || now < At) return whole;
        rest -= now - At;
        return rest > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Round(rest.TotalSeconds, 1)) : null;
    }
}
