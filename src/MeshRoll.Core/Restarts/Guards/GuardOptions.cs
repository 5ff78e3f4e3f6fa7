using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>What holds a walk back, or leaves workloads out, whatever its pace would allow.</summary>
public sealed record GuardOptions
{
    /// <summary>Pods of the workloads this run moves that may be coming up or missing at a time; 0 for no limit.</summary>
    public int MaxPodsInTransition { get; init; }

    /// <summary>Workloads that are left alone: names with wildcards, optionally with a kind, as selections have them.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether the cluster's own health is not looked at: nodes, pods without a node, and a server that throttles or fails.</summary>
    public bool IgnoreClusterHealth { get; init; }

    /// <summary>Nodes that may have become NotReady during the run; null for a twentieth of all nodes.</summary>
    public int? MaxNotReadyNodes { get; init; }

    /// <summary>Pods that may be waiting for a node, beyond as many as were at the start.</summary>
    public int MaxPendingPods { get; init; } = 10;

    /// <summary>How long the walk waits for the cluster to be well again before it stops.</summary>
    public TimeSpan HoldTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Refuses numbers and names that make no sense.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.InvalidPacing</c>, or <c>MeshRoll.NameInvalid</c> for an exclusion that is no name.</exception>
    internal void Validate()
    {
        if (MaxPodsInTransition < 0) throw Invalid($"MaxPodsInTransition is {MaxPodsInTransition}; it is the number of pods coming up or missing at a time, or 0 for no limit.");
        if (MaxNotReadyNodes < 0) throw Invalid($"MaxNotReadyNodes is {MaxNotReadyNodes}; it is the number of nodes that may become NotReady before the walk is held back.");
        if (MaxPendingPods < 0) throw Invalid($"MaxPendingPods is {MaxPendingPods}; it is the number of pods that may be waiting for a node before the walk is held back.");
        if (HoldTimeout < TimeSpan.Zero || HoldTimeout > Longest) throw Invalid($"HoldTimeout is {HoldTimeout}; it must be between 0 and 7 days.");
        foreach (var name in Exclude) WorkloadName.Parse(name);
    }

    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private static InvalidRequestException Invalid(string message) => new("MeshRoll.InvalidPacing", message);
}
