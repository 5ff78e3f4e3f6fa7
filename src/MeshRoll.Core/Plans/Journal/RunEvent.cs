namespace MeshRoll.Core.Plans.Journal;

/// <summary>What an entry of a journal tells.</summary>
public enum RunEvent
{
    /// <summary>A runner took the plan up, for the first time or again.</summary>
    Begun,

    /// <summary>A workload as the run found it before it touched anything: what differs later was done by somebody else.</summary>
    Known,

    /// <summary>A wave has begun.</summary>
    WaveBegun,

    /// <summary>It is decided that a workload is restarted now. Written before anything is changed.</summary>
    Starting,

    /// <summary>A workload's restart was issued.</summary>
    Started,

    /// <summary>A started workload moved.</summary>
    Moved,

    /// <summary>A started workload ended, well or not.</summary>
    Ended,

    /// <summary>A workload needs no restart, or is not to have one.</summary>
    Skipped,

    /// <summary>A workload cannot be restarted.</summary>
    Refused,

    /// <summary>Somebody else restarts, scales or changes a workload: it is left to them.</summary>
    LeftAlone,

    /// <summary>All workloads of a wave have ended.</summary>
    WaveEnded,

    /// <summary>After a wave it is watched for a while.</summary>
    Soaking,

    /// <summary>A gate was asked.</summary>
    GateAsked,

    /// <summary>A gate has opened: the next wave may begin.</summary>
    GateOpened,

    /// <summary>Nothing is started for now: a window is closed, or something is waited for.</summary>
    Paused,

    /// <summary>The pause is over.</summary>
    Continued,

    /// <summary>Somebody asked to start nothing more until they say otherwise.</summary>
    Suspended,

    /// <summary>They said otherwise.</summary>
    Resumed,

    /// <summary>Something worth saying.</summary>
    Said,

    /// <summary>The run has stopped before its end: it was told to, too much failed, or a gate stayed closed.</summary>
    Stopped,

    /// <summary>The run lost its Lease or its journal, or was ended: it can be resumed.</summary>
    Interrupted,

    /// <summary>All waves are done.</summary>
    Completed,
}
