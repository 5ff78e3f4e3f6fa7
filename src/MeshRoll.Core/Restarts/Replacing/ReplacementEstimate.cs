using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>The time left of a replacement: by what was expected until a first pod is replaced, from then on by the pace so far. Not for several threads.</summary>
/// <param name="expected">What all of it was expected to take; null when that is not known.</param>
/// <param name="start">When it began, UTC.</param>
internal sealed class ReplacementEstimate(TimeSpan? expected, DateTimeOffset start)
{
    private RolloutPace _pace = RolloutPace.From(start, 0);
    private int _total;

    /// <summary>The time left by another look; null when neither tells.</summary>
    public TimeSpan? Left(ReplacementSight sight, DateTimeOffset now)
    {
        var left = sight.Old.Count() + sight.Pods.Count(pod => pod is { IsOld: false, IsEnding: false, IsAvailable: false });
        _total = Math.Max(_total, left);
        _pace = _pace.See(_total - left, now);
        return _total == 0 ? expected : _pace.Remaining(expected, _total, 1, now);
    }
}
