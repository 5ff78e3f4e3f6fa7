using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Reports;

/// <summary>What a report tells: rollouts in their waves, and when and where it was written. Immutable.</summary>
public sealed record RolloutReport
{
    /// <summary>The headline.</summary>
    public required string Title { get; init; }

    /// <summary>The moment of writing, UTC. What moves at that moment is shown as moving.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>The zone that times are shown in; each is also given in UTC where the format can hold both.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The waves in their order; one without a name where there was no plan.</summary>
    public IReadOnlyList<ReportWave> Waves { get; init; } = [];

    /// <summary>Something the reader should know of the report itself, such as a journal that was cut.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What happened to the run as a whole, in order; empty where there was no plan.</summary>
    public IReadOnlyList<ReportNote> Notes { get; init; } = [];

    /// <summary>All rollouts, wave after wave.</summary>
    public IEnumerable<MeshRollout> Rollouts => Waves.SelectMany(wave => wave.Rollouts);

    /// <summary>A report of rollouts as they come through a pipe: of one that comes more than once, the last word counts, in the place of the first.</summary>
    public static RolloutReport Of(IEnumerable<MeshRollout> rollouts, string title, DateTimeOffset writtenAt, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        Dictionary<(string, string, string, string), int> places = [];
        List<MeshRollout> kept = [];
        foreach (var rollout in rollouts)
        {
            var key = (rollout.Cluster, rollout.Namespace, rollout.Kind, rollout.Name);
            if (places.TryAdd(key, kept.Count)) kept.Add(rollout);
            else kept[places[key]] = rollout;
        }
        return new() { Title = title, WrittenAt = writtenAt, Zone = zone, Waves = kept.Count == 0 ? [] : [new("", kept)] };
    }
}

/// <summary>Rollouts that were started together.</summary>
/// <param name="Name">The wave's name; empty where there was no plan.</param>
/// <param name="Rollouts">What was restarted, or left alone, in the order of its start.</param>
public sealed record ReportWave(string Name, IReadOnlyList<MeshRollout> Rollouts);

/// <summary>Something that happened to a run as a whole: a wave began, a window closed, a gate opened.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Text">What, in words.</param>
public sealed record ReportNote(DateTimeOffset Time, string Text);

/// <summary>What a report is written as.</summary>
public enum ReportFormat
{
    /// <summary>One page that needs nothing else, for people.</summary>
    Html,

    /// <summary>For tickets and merge requests.</summary>
    Markdown,

    /// <summary>For machines.</summary>
    Json,
}
