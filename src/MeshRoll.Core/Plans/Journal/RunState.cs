using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Journal;

/// <summary>Where a workload of a run stands, by its journal.</summary>
public sealed record RunWorkload
{
    /// <summary>Which.</summary>
    public required WorkloadReference Workload { get; init; }

    /// <summary>Its wave.</summary>
    public string Wave { get; init; } = "";

    /// <summary>Where it stands.</summary>
    public RunWorkloadState State { get; init; }

    /// <summary>When its restart was issued, UTC.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>In words.</summary>
    public string Message { get; init; } = "";

    /// <summary>How often it was restarted, as far as the journal knows; more than one is a fault.</summary>
    public int Starts { get; init; }

    /// <summary>How its pods were replaced; empty where that is not known.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>How the run found it; null when it did not get so far.</summary>
    internal RunEntry? Known { get; init; }

    /// <summary>Whether nothing is to be done about it any more.</summary>
    public bool IsOver => State is RunWorkloadState.Done or RunWorkloadState.Failed or RunWorkloadState.Skipped or RunWorkloadState.LeftAlone or RunWorkloadState.Refused;

    /// <summary>Which, and where it stands.</summary>
    public override string ToString() => $"{Workload} ({State})";
}

/// <summary>Where a workload of a run stands.</summary>
public enum RunWorkloadState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    /// <summary>Its restart was decided; whether it was issued, the cluster tells.</summary>
    Starting,

    /// <summary>Its pods are being replaced.</summary>
    Moving,

    /// <summary>It came back.</summary>
    Done,

    /// <summary>It did not come back.</summary>
    Failed,

    /// <summary>It needed nothing.</summary>
    Skipped,

    /// <summary>It cannot be restarted.</summary>
    Refused,

    /// <summary>Somebody else works on it.</summary>
    LeftAlone,
}

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>It has not begun.</summary>
    NotStarted,

    /// <summary>It restarts workloads, or follows them.</summary>
    Running,

    /// <summary>It waits for a window, a soak time or a gate.</summary>
    Paused,

    /// <summary>Somebody asked it to start nothing more for now.</summary>
    Suspended,

    /// <summary>It was cut off; it can be resumed.</summary>
    Interrupted,

    /// <summary>It ended before its end; it can be resumed.</summary>
    Stopped,

    /// <summary>All waves are done.</summary>
    Completed,
}

/// <summary>
/// A run as its journal tells it: entries one after the other, each making of one state the next. Immutable, and nothing but the entries goes in, so that
/// the same journal gives the same state on every machine.
/// </summary>
internal sealed record RunState
{
    /// <summary>Before anything has happened.</summary>
    public static RunState Nothing { get; } = new();

    /// <summary>The number of the last entry.</summary>
    public long Last { get; init; }

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; init; }

    /// <summary>The wave it is at.</summary>
    public string Wave { get; init; } = "";

    /// <summary>The waves that are over.</summary>
    public System.Collections.Immutable.ImmutableHashSet<string> WavesOver { get; init; } = [];

    /// <summary>The waves whose gate has opened.</summary>
    public System.Collections.Immutable.ImmutableHashSet<string> GatesOpened { get; init; } = [];

    /// <summary>Until when a wave is watched.</summary>
    public System.Collections.Immutable.ImmutableDictionary<string, DateTimeOffset> SoakUntil { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>The workloads that were heard of.</summary>
    public System.Collections.Immutable.ImmutableDictionary<WorkloadReference, RunWorkload> Workloads { get; init; } = System.Collections.Immutable.ImmutableDictionary<WorkloadReference, RunWorkload>.Empty;

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended, UTC; null while it may go on by itself.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>When the journal was last written, UTC.</summary>
    public DateTimeOffset? LastTime { get; init; }

    /// <summary>Who carries it out, or did last.</summary>
    public string By { get; init; } = "";

    /// <summary>Why it stands as it does, in words.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether somebody asked it to start nothing more, and nobody took that back.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>How often it was taken up.</summary>
    public int Beginnings { get; init; }

    /// <summary>Replays a journal.</summary>
    public static RunState Of(IEnumerable<RunEntry> entries) => entries.Aggregate(Nothing, (state, entry) => state.After(entry));

    /// <summary>The failures of a wave.</summary>
    public int FailuresOf(string wave) => Workloads.Values.Count(workload => workload.Wave == wave && workload.State == RunWorkloadState.Failed);

    /// <summary>The state after an entry. One that was seen already changes nothing.</summary>
    public RunState After(RunEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Number <= Last) return this;
        var next = this with { Last = entry.Number, LastTime = entry.Time };
        if (entry.Workload is { } workload) next = next with { Workloads = Workloads.SetItem(workload, Workload(entry, Workloads.GetValueOrDefault(workload) ?? new() { Workload = workload, Wave = entry.Wave })) };
        return entry.Event switch
        {
            // Whoever goes on after a stop has looked at what failed: it is looked at again.
            RunEvent.Begun when Status == RunStatus.Stopped => (next with { Workloads = Workloads.SetItems(Workloads.Where(pair => pair.Value.State == RunWorkloadState.Failed && !WavesOver.Contains(pair.Value.Wave)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { State = RunWorkloadState.Moving, EndTime = null }))) }).Begin(this, entry),
            RunEvent.Begun => next.Begin(this, entry),
            RunEvent.WaveBegun => next with { Wave = entry.Wave, Status = Going, Message = "" },
            RunEvent.WaveEnded => next with { WavesOver = WavesOver.Add(entry.Wave) },
            RunEvent.Soaking => next with { Status = IsSuspended ? Status : RunStatus.Paused, Message = entry.Message, SoakUntil = entry.Until is { } until ? SoakUntil.SetItem(entry.Wave, until) : SoakUntil },
            RunEvent.GateAsked => next with { Message = entry.Message },
            RunEvent.GateOpened => next with { GatesOpened = GatesOpened.Add(entry.Wave), Status = Going, Message = "" },
            RunEvent.Paused => next with { Status = IsSuspended ? Status : RunStatus.Paused, Message = entry.Message },
            RunEvent.Continued => next with { Status = Going, Message = "" },
            RunEvent.Suspended => next with { IsSuspended = true, Status = RunStatus.Suspended, Message = entry.Message },
            RunEvent.Resumed => next with { IsSuspended = false, Status = RunStatus.Running, Message = "" },
            RunEvent.Interrupted => next with { Status = RunStatus.Interrupted, EndTime = entry.Time, Message = entry.Message },
            RunEvent.Stopped => next with { Status = RunStatus.Stopped, EndTime = entry.Time, Message = entry.Message },
            RunEvent.Completed => next with { Status = RunStatus.Completed, EndTime = entry.Time, Message = entry.Message },
            _ => next,
        };
    }

    private RunState Begin(RunState before, RunEntry entry) => this with
    {
        Status = IsSuspended ? RunStatus.Suspended : RunStatus.Running,
        By = entry.By,
        StartTime = before.StartTime ?? entry.Time,
        EndTime = null,
        Message = "",
        Beginnings = before.Beginnings + 1,
    };

    private RunStatus Going => IsSuspended ? RunStatus.Suspended : RunStatus.Running;

    private static RunWorkload Workload(RunEntry entry, RunWorkload before) => entry.Event switch
    {
        RunEvent.Known => before with { Known = before.Known ?? entry, Wave = entry.Wave },
        RunEvent.Starting => before with { State = RunWorkloadState.Starting, Wave = entry.Wave, Message = entry.Message, StartTime = null, EndTime = null },
        RunEvent.Started => before with { State = RunWorkloadState.Moving, StartTime = entry.Time, EndTime = null, Message = entry.Message, Starts = before.Starts + 1, Strategy = entry.Strategy },
        RunEvent.Moved => before with { Message = entry.Message },
        RunEvent.Ended => before with
        {
            State = entry.State == RolloutState.Complete ? RunWorkloadState.Done : RunWorkloadState.Failed,
            EndTime = entry.Time,
            Message = entry.Message,
        },
        RunEvent.Skipped => before with { State = RunWorkloadState.Skipped, Wave = entry.Wave, EndTime = entry.Time, Message = entry.Message },
        RunEvent.Refused => before with { State = RunWorkloadState.Refused, Wave = entry.Wave, EndTime = entry.Time, Message = entry.Message },
        RunEvent.LeftAlone => before with { State = RunWorkloadState.LeftAlone, Wave = entry.Wave, EndTime = entry.Time, Message = entry.Message },
        _ => before,
    };
}
