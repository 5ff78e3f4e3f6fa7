using System.Globalization;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Pipeline;

/// <summary>A rollout in one line of words.</summary>
internal static class RolloutText
{
    /// <summary><c>shop deployment/web</c>.</summary>
    public static string Name(MeshRollout rollout) => $"{rollout.Namespace} {rollout.Kind.ToLowerInvariant()}/{rollout.Name}";

    /// <summary><c>shop deployment/web: 2 of 3 pods updated</c>.</summary>
    public static string Line(MeshRollout rollout) => rollout.Message.Length == 0 ? $"{Name(rollout)}: {Counts(rollout)}" : $"{Name(rollout)}: {rollout.Message.TrimEnd('.')}";

    /// <summary><c>2 of 3 pods updated, 1 available</c>.</summary>
    public static string Counts(MeshRollout rollout) => $"{rollout.Updated} of {rollout.Desired} pods updated, {rollout.Available} available";

    /// <summary>All that is counted, for somebody who looks on: <c>2/3 updated, 3 ready, 3 available, 1 old, 1 terminating, about 20 s left</c>.</summary>
    public static string Live(MeshRollout rollout)
    {
        var old = rollout.Old > 0 ? $", {rollout.Old} old" : "";
        var terminating = rollout.Terminating > 0 ? $", {rollout.Terminating} terminating" : "";
        var left = rollout.Remaining is { } time && time > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(time.TotalSeconds):0} s left") : "";
        return $"{rollout.Updated}/{rollout.Desired} updated, {rollout.Ready} ready, {rollout.Available} available{old}{terminating}{left}";
    }

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Names(IReadOnlyCollection<MeshRollout> rollouts, int most = 5)
    {
        var names = string.Join(", ", rollouts.Take(most).Select(Name));
        return rollouts.Count > most ? $"{names} and {rollouts.Count - most} more" : names;
    }
}
