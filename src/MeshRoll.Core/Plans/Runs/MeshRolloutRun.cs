using MeshRoll.Core.Plans.Journal;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>A run of a plan at one moment, as its journal tells it. Immutable: a later moment is another object.</summary>
public sealed record MeshRolloutRun
{
    /// <summary>The cluster's name; empty where only the journal is known.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>The plan's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; init; }

    /// <summary>The wave it is at.</summary>
    public string Wave { get; init; } = "";

    /// <summary>Workloads in all waves.</summary>
    public int Workloads { get; init; }

    /// <summary>Those that came back.</summary>
    public int Done { get; init; }

    /// <summary>Those whose pods are being replaced.</summary>
    public int Moving { get; init; }

    /// <summary>Those that did not come back.</summary>
    public int Failed { get; init; }

    /// <summary>Those that needed nothing.</summary>
    public int Skipped { get; init; }

    /// <summary>Those that somebody else works on, and those that cannot be restarted.</summary>
    public int Left { get; init; }

    /// <summary>When it first began, UTC.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended, UTC; null while it goes on.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>When its journal was last written, UTC.</summary>
    public DateTimeOffset? LastTime { get; init; }

    /// <summary>Who carries it out, or did last: user, machine and process.</summary>
    public string By { get; init; } = "";

    /// <summary>What it waits for, or why it ended, in words.</summary>
    public string Message { get; init; } = "";

    /// <summary>The workloads, by wave.</summary>
    public IReadOnlyList<RunWorkload> Details { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The plan's file; empty for none.</summary>
    public string File { get; init; } = "";

    /// <summary>The journal's file.</summary>
    public string Journal { get; init; } = "";

    /// <summary>What of the journal could not be read.</summary>
    public IReadOnlyList<string> Remarks { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Whether it came to an end by itself or was stopped.</summary>
    public bool Ended => Status is RunStatus.Completed or RunStatus.Stopped or RunStatus.Interrupted;

    /// <summary>Reads a run from its journal.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static MeshRolloutRun Read(MeshRolloutPlan plan, string journal)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var reading = JournalReader.Read(journal);
        if (reading.Entries.FirstOrDefault(entry => entry.Plan != plan.Id) is { } other) throw new JournalException(JournalException.Unreadable, $"'{journal}' is the journal of the plan {other.Plan}, not of {plan.Id}.") { File = journal };
        return Of(plan, RunState.Of(reading.Entries), journal) with { Remarks = reading.Remarks };
    }

    internal static MeshRolloutRun Of(MeshRolloutPlan plan, RunState state, string journal)
    {
        var all = plan.Waves.SelectMany(wave => wave.Workloads.Select(planned => state.Workloads.GetValueOrDefault(planned.Reference) is { } known ? known with { Wave = wave.Name } : new RunWorkload { Workload = planned.Reference, Wave = wave.Name })).ToList();
        return new()
        {
            Cluster = plan.Cluster,
            Name = plan.Name,
            Id = plan.Id,
            Status = state.Status,
            Wave = state.Wave,
            Workloads = all.Count,
            Done = Count(RunWorkloadState.Done),
            Moving = Count(RunWorkloadState.Moving) + Count(RunWorkloadState.Starting),
            Failed = Count(RunWorkloadState.Failed),
            Skipped = Count(RunWorkloadState.Skipped),
            Left = Count(RunWorkloadState.LeftAlone) + Count(RunWorkloadState.Refused),
            StartTime = state.StartTime,
            EndTime = state.EndTime,
            LastTime = state.LastTime,
            By = state.By,
            Message = state.Message,
            Details = all,
            File = plan.File,
            Journal = journal,
        };

        int Count(RunWorkloadState wanted) => all.Count(workload => workload.State == wanted);
    }
}
