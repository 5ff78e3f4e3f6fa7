using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Plans;

/// <summary>What will be restarted, in which order, how fast and when. Written to a file it can be reviewed, changed by hand, and carried out on any machine.</summary>
public sealed record MeshRolloutPlan
{
    /// <summary>The version of the file's form.</summary>
    public const string ApiVersion = "meshroll.io/v1";

    /// <summary>The kind of the file.</summary>
    public const string Kind = "RolloutPlan";

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Its identity: workloads carry it once this plan has restarted them, and are not restarted by it again. Who wants to do the same another time makes a new plan.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The name of the cluster it was made for; empty in a plan for any.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The namespace of the Lease that keeps two machines from carrying it out at the same time.</summary>
    public required string LeaseNamespace { get; init; }

    /// <summary>How it restarts, unless a wave says otherwise.</summary>
    public PlanSettings Settings { get; init; } = new();

    /// <summary>When it may start workloads, unless a wave says otherwise; empty for always.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>When it may not, whatever the windows say.</summary>
    public IReadOnlyList<FreezePeriod> Freezes { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Workloads left alone: names as Start-MeshRolloutRestart -Exclude takes them.</summary>
    public IReadOnlyList<string> Exclude { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>
    /// What the preflight found when the plan was made, rule by rule: errors and warnings, and what could not be checked. Empty when nothing was found, null when
    /// nobody looked.
    /// </summary>
    public IReadOnlyList<PlanReadiness>? Readiness { get; init => field = ListedValue.OfKnown(value); }

    /// <summary>What was left out or moved when the plan was made.</summary>
    public IReadOnlyList<MeshFinding> Findings { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The waves, in order.</summary>
    public IReadOnlyList<PlanWave> Waves { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The file it was read from or written to; empty for none.</summary>
    public string File { get; init; } = "";

    /// <summary>What is different in the cluster of today; empty when nothing is, and before anybody looked.</summary>
    public IReadOnlyList<MeshFinding> Differences { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Workloads in all waves.</summary>
    public int Workloads => Waves.Sum(wave => wave.Workloads.Count);

    /// <summary>Their pods.</summary>
    public int Pods => Waves.Sum(wave => wave.Workloads.Sum(workload => workload.Pods));

    /// <summary>How long all of it takes when all goes well and no window closes; null when that is unknown of a wave.</summary>
    public TimeSpan? Estimate => Waves.All(wave => wave.Estimate is not null) ? new TimeSpan(Waves.Sum(wave => wave.Estimate!.Value.Ticks)) : null;

    /// <summary>When it may start workloads.</summary>
    internal PlanCalendar Calendar => new(Windows, Freezes);

    /// <summary>When it may start the workloads of a wave.</summary>
    internal PlanCalendar CalendarOf(PlanWave wave) => wave.Windows.Count == 0 ? Calendar : new(wave.Windows, Freezes);

    /// <summary>The settings of a wave with those of the plan beneath.</summary>
    internal PlanSettings SettingsOf(PlanWave wave) => wave.Settings.Over(Settings);

    /// <summary>Name and size.</summary>
    public override string ToString() => $"{Name} ({Wording.Count(Workloads, "workload")} in {Wording.Count(Waves.Count, "wave")})";
}
