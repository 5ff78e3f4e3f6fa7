using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Journal;

/// <summary>One line of a journal: what happened, or was decided, at one moment of a run.</summary>
public sealed record RunEntry
{
    /// <summary>Its number: one more than that of the entry before.</summary>
    public long Number { get; init; }

    /// <summary>When, UTC, by the clock of the machine that wrote it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The plan's id.</summary>
    public required string Plan { get; init; }

    /// <summary>What.</summary>
    public required RunEvent Event { get; init; }

    /// <summary>Who wrote it, where that changes: user, machine and process, <c>ann@build-7/4711</c>.</summary>
    public string By { get; init; } = "";

    /// <summary>The wave; empty where none is concerned.</summary>
    public string Wave { get; init; } = "";

    /// <summary>The workload; null where none is concerned.</summary>
    public WorkloadReference? Workload { get; init; }

    /// <summary>In words.</summary>
    public string Message { get; init; } = "";

    /// <summary>How a workload stands.</summary>
    public RolloutState? State { get; init; }

    /// <summary>How its pods are replaced.</summary>
    public string Strategy { get; init; } = "";

    /// <summary>Pods wanted.</summary>
    public int? Desired { get; init; }

    /// <summary>Pods of the new template.</summary>
    public int? Updated { get; init; }

    /// <summary>Pods ready.</summary>
    public int? Ready { get; init; }

    /// <summary>Pods of the old template.</summary>
    public int? Old { get; init; }

    /// <summary>The workload's uid when the run found it.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What its template came to then: another value is another template.</summary>
    public string Template { get; init; } = "";

    /// <summary>Its generation then.</summary>
    public long? Generation { get; init; }

    /// <summary>When it was restarted last, as its template says; UTC.</summary>
    public DateTimeOffset? RestartedAt { get; init; }

    /// <summary>Until when it is waited, UTC; null when that is not known.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The sidecar versions concerned: before a restart, or after it.</summary>
    public IReadOnlyList<string> Sidecars { get; init; } = [];

    /// <summary>What was wrong.</summary>
    public IReadOnlyList<string> Diagnosis { get; init; } = [];

    /// <summary>Whether a decision hangs on it, so that it must be on the disk before the run goes on.</summary>
    internal bool IsDecision => Event is not (RunEvent.Moved or RunEvent.Said or RunEvent.Known);
}
