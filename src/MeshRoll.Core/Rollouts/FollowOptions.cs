using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Rollouts;

/// <summary>How rollouts are followed.</summary>
public sealed record FollowOptions
{
    /// <summary>Time allowed to each rollout from its StartTime (or from Add); null for no limit.</summary>
    public TimeSpan? TimeoutEach { get; init; }

    /// <summary>Time allowed to all from the first Add; null for no limit.</summary>
    public TimeSpan? TimeoutAll { get; init; }

    /// <summary>Null to watch; otherwise lists anew at this interval.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Whether fatal findings end a rollout as Failed at once, rather than waiting for its deadline.</summary>
    public bool FailOnFatalFinding { get; init; } = true;

    /// <summary>Whether, after success, the new pods' sidecars are checked against DesiredVersion/DesiredRevision.</summary>
    public bool VerifySidecars { get; init; } = true;

    /// <summary>Whether one that has failed waits a moment for the reason, such as for its pods or the events about them to be read.</summary>
    public bool LooksUpReasons { get; init; } = true;

    /// <summary>What counts as up to date, and which container is the sidecar, for that check.</summary>
    public SidecarTarget Target { get; init; } = new();
}
