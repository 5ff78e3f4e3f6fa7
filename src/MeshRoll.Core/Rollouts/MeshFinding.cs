namespace MeshRoll.Core.Rollouts;

/// <summary>One thing that is wrong with a rollout, and what to do about it.</summary>
public sealed record MeshFinding
{
    /// <summary>The cluster's name; empty where nobody knows it.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The workload's namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Kind of the workload that is concerned: Deployment, StatefulSet, DaemonSet or Rollout.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The workload's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Stable identity, such as <c>ImagePull</c>, <c>Unschedulable</c>, <c>InitContainerFailed</c>.</summary>
    public required string Id { get; init; }

    /// <summary>How bad it is.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>The object concerned, such as <c>pod/web-5d4-x2x</c>.</summary>
    public string Object { get; init; } = "";

    /// <summary>The pod it was seen on; empty when it is about no pod.</summary>
    public string Pod { get; init; } = "";

    /// <summary>The container it was seen on; empty when it is about none.</summary>
    public string Container { get; init; } = "";

    /// <summary>What is wrong, one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do, one sentence.</summary>
    public string Advice { get; init; } = "";

    /// <summary>The fact behind it as the cluster tells it: a reason and message, an event, an exit code.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>How the container ended last; null when it did not end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines that the container wrote, without control characters and what looks like a secret; empty unless they were asked for.</summary>
    public string Log { get; init; } = "";

    /// <summary>Whether it can pass by itself.</summary>
    public FindingVerdict Verdict { get; init; }

    /// <summary>Which run's log would tell more.</summary>
    internal LogRun LogRun { get; init; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;
}

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>May hurt.</summary>
    Warning,

    /// <summary>Hurts.</summary>
    Error,
}

/// <summary>Whether a finding can pass by itself.</summary>
public enum FindingVerdict
{
    /// <summary>Cannot be told.</summary>
    Unknown,

    /// <summary>Likely to pass.</summary>
    Transient,

    /// <summary>Will not pass without somebody doing something.</summary>
    Fatal,
}

/// <summary>The run of a container whose log tells about a finding.</summary>
internal enum LogRun
{
    /// <summary>None: the container never ran, or its log says nothing about it.</summary>
    None,

    /// <summary>The present one, or the last where it waits.</summary>
    Present,

    /// <summary>The one before.</summary>
    Previous,
}
