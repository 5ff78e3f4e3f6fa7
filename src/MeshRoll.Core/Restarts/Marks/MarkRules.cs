using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Marks;

/// <summary>Whose turn is it? What a mark on a workload means to a run that comes later.</summary>
internal static class MarkRules
{
    /// <summary>How often a run is heard of.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(30);

    /// <summary>Not heard of for so long, a run is dead. Several beats may get lost, and clocks may differ somewhat.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromMinutes(3);

    /// <summary>The mark a workload carries.</summary>
    public static MarkReading Of(IKubernetesObject workload)
    {
        if (!workload.Metadata.Labels.TryGetValue(RestartMark.Key, out var run)) return default;
        var text = workload.Metadata.Annotations.GetValueOrDefault(RestartMark.Key, "");
        return MarkText.Read(text) is { } mark && mark.Run == run ? new(mark, null) : new(null, text);
    }

    /// <summary>
    /// Whether the run behind a mark still works: it was heard of lately, and if it is a process of this machine, that process is there. A beat from the
    /// future is as good as one of now: the clocks differ.
    /// </summary>
    public static bool IsAlive(RestartMark mark, DateTimeOffset now, IRunRegistry runs) => now - mark.Beat < DeadAfter && runs.MayRun(mark);

    /// <summary>
    /// Whether a mark was left by an earlier run of a plan. Whoever runs a plan holds its Lease, and a run that loses it has stopped writing before another
    /// can get it: such a mark is dead whatever its beat says, unless it is of a run of this very process.
    /// </summary>
    public static bool IsOfEarlierRun(RestartMark mark, string? plan, IRunRegistry runs) =>
        plan is not null && mark.Run.StartsWith($"{plan}.", StringComparison.Ordinal) && !(runs.IsOfThisProcess(mark) && runs.MayRun(mark));

    /// <summary>Whether it is time to be heard of again.</summary>
    public static bool IsBeatDue(RestartMark mark, DateTimeOffset now) => now - mark.Beat >= BeatEvery;

    /// <summary>The count to restore when the mark goes; null when there is none, or when somebody else has set another count since.</summary>
    public static int? ReplicasToRestore(RestartMark mark, int? replicas) => mark.Replicas is { } before && mark.Surge > 0 && replicas == mark.RaisedReplicas ? before : null;
}

/// <summary>What a workload carries: a mark, nonsense in the place of one, or nothing.</summary>
/// <param name="Mark">The mark; null for none or nonsense.</param>
/// <param name="Nonsense">What stands in the annotation instead of a mark; null for nothing.</param>
public readonly record struct MarkReading(RestartMark? Mark, string? Nonsense);
