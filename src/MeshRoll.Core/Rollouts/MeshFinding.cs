namespace MeshRoll.Core.Rollouts;

/// <summary>One thing that is wrong with a rollout, and what to do about it.</summary>
public sealed record MeshFinding
{
    /// <summary>Stable identity, such as <c>ImagePull</c>, <c>Unschedulable</c>, <c>InitContainerFailed</c>.</summary>
    public required string Id { get; init; }

    /// <summary>How bad it is.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>The object concerned, such as <c>pod/web-5d4-x2x</c>.</summary>
    public string Object { get; init; } = "";

    /// <summary>What is wrong, one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do, one sentence.</summary>
    public string Advice { get; init; } = "";

    /// <summary>The fact behind it as the cluster tells it: a reason and message, an event, an exit code.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>Whether it can pass by itself.</summary>
    public FindingVerdict Verdict { get; init; }

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
