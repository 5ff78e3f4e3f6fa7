namespace MeshRoll.Sandbox.Worlds;

/// <summary>A readiness probe. It asks every second unless said otherwise, so that a pod is seen to be ready when it is.</summary>
public sealed record WorldProbe
{
    /// <summary>From a container's start until it is first asked.</summary>
    public TimeSpan InitialDelay { get; init; }

    /// <summary>From one question to the next.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many good answers in a row make a container ready.</summary>
    public int SuccessThreshold { get; init; } = 1;

    /// <summary>How many bad answers in a row make it unready.</summary>
    public int FailureThreshold { get; init; } = 3;
}

/// <summary>A disruption budget; exactly one of the two, as a number or percentage.</summary>
public sealed record WorldDisruptionBudget
{
    /// <summary>How many pods must stay; null when the other one says.</summary>
    public string? MinAvailable { get; init; }

    /// <summary>How many pods may be missing; null when the other one says.</summary>
    public string? MaxUnavailable { get; init; }
}

/// <summary>An autoscaler.</summary>
public sealed record WorldAutoscaler
{
    /// <summary>The fewest pods.</summary>
    public int Min { get; init; } = 1;

    /// <summary>The most pods.</summary>
    public required int Max { get; init; }
}

/// <summary>How long pods take that say nothing else. Null leaves it to the sandbox.</summary>
public sealed record WorldStartup
{
    /// <summary>From a container's start until it answers that it is ready.</summary>
    public TimeSpan? Ready { get; init; }

    /// <summary>From the request to stop until a container has stopped.</summary>
    public TimeSpan? Stop { get; init; }

    /// <summary>For how long an image is pulled that a node has not got yet.</summary>
    public TimeSpan? Pull { get; init; }
}
