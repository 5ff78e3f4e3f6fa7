namespace MeshRoll.Sandbox.Observing;

/// <summary>How many pods of which sort a workload had, from this time until its next entry.</summary>
public sealed record SandboxTimelineEntry
{
    /// <summary>When it became so, in the sandbox's time, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The workload's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Deployment, StatefulSet, DaemonSet, ReplicaSet (one without an owner) or Rollout.</summary>
    public required string Kind { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many pods are wished for; 0 once the workload is deleted.</summary>
    public required int Desired { get; init; }

    /// <summary>
    /// Pods whose condition Ready is True and whose deletion nobody has asked for. A pod on its way out may still answer for a moment, but gets no new
    /// requests: it does not count. So this is how many serve for sure.
    /// </summary>
    public required int Ready { get; init; }

    /// <summary>Pods of an earlier template. Neither these nor <see cref="New"/> include pods on their way out or pods that have ended.</summary>
    public required int Old { get; init; }

    /// <summary>Pods of the present template.</summary>
    public required int New { get; init; }

    /// <summary>Pods on their way out, of whichever template.</summary>
    public required int Terminating { get; init; }
}
