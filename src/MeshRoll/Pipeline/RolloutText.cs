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

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Names(IReadOnlyCollection<MeshRollout> rollouts, int most = 5)
    {
        var names = string.Join(", ", rollouts.Take(most).Select(Name));
        return rollouts.Count > most ? $"{names} and {rollouts.Count - most} more" : names;
    }
}
