using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>
/// Whether a walk is held back for the cluster's health, and since when. States: going → holding (something speaks against going on) → going (nothing has
/// for <see cref="Settling"/>), or holding → stopped, for good, when the time allowed is over. Immutable.
/// </summary>
internal sealed record HealthHold
{
    /// <summary>A cluster that is well for a moment only, as with a node that comes and goes, is not.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>Nothing speaks against going on.</summary>
    public static HealthHold None { get; } = new();

    /// <summary>Since when the walk is held back, UTC; null while it is not.</summary>
    public DateTimeOffset? Since { get; private init; }

    /// <summary>Since when nothing speaks against going on any more, UTC; null while something does.</summary>
    public DateTimeOffset? WellSince { get; private init; }

    /// <summary>Why it is, or was last, held back.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Whether the time allowed was over.</summary>
    public bool IsStopped { get; private init; }

    /// <summary>Whether nothing may be started now.</summary>
    public bool IsHolding => Since is not null;

    /// <summary>What follows from <paramref name="against"/>, and a sentence when that is news.</summary>
    /// <param name="against">What speaks against going on.</param>
    /// <param name="limit">How long the walk may be held back.</param>
    /// <param name="now">The moment, UTC.</param>
    public (HealthHold Next, string? Says) Step(IReadOnlyList<string> against, TimeSpan limit, DateTimeOffset now)
    {
        if (IsStopped) return (this, null);
        var reason = against.Count > 0 ? string.Join("; ", against) : Reason;
        switch (Since, against.Count)
        {
            case (null, 0):
                return (this, null);
            case (null, _):
                var held = new HealthHold { Since = now, Reason = reason };
                return limit == TimeSpan.Zero ? held.Step(against, limit, now)
                    : (held, $"Held back: {reason}. Nothing further is started until that has passed; after {Wording.Duration(limit)} restarting stops.");
            case ({ } since, > 0) when now - since >= limit:
                return (this with { IsStopped = true, WellSince = null, Reason = reason }, null);
            case (_, > 0):
                return (this with { WellSince = null, Reason = reason }, null);
            case ({ } since, _) when WellSince is { } well && now - well >= Settling:
                return (None, $"Going on after {Wording.Duration(now - since)}: the cluster is well again.");
            default:
                return (this with { WellSince = WellSince ?? now }, null);
        }
    }
}
