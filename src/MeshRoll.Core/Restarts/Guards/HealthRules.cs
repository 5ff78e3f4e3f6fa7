using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>How well the cluster is, at one moment. What could not be looked at is null, and says nothing.</summary>
internal sealed record HealthSight
{
    /// <summary>All nodes; null when they cannot be read.</summary>
    public int? Nodes { get; init; }

    /// <summary>Names of those that were Ready at some time of this run and are not now.</summary>
    public IReadOnlyList<string> LostNodes { get; init; } = [];

    /// <summary>Pods that wait for a node, beyond as many as were at the start; null when they cannot be read.</summary>
    public int? PendingPods { get; init; }

    /// <summary>Answers of the last moments in which the server asked to be left alone (429).</summary>
    public int Throttled { get; init; }

    /// <summary>Answers of the last moments in which the server failed (5xx).</summary>
    public int Failed { get; init; }
}

/// <summary>
/// Is the cluster well enough to go on? Only what went wrong during the run counts: a node that is down for a week, or pods that nobody ever found a node
/// for, are not of this walk's making and no reason to wait.
/// </summary>
internal static class HealthRules
{
    /// <summary>From so many answers on a server is in trouble, rather than stumbling.</summary>
    public const int Trouble = 5;

    /// <summary>What speaks against going on, in words; empty when nothing does.</summary>
    public static IReadOnlyList<string> Against(HealthSight sight, GuardOptions limits)
    {
        List<string> reasons = [];
        if (sight.Nodes is { } nodes && sight.LostNodes.Count > (limits.MaxNotReadyNodes ?? nodes / 20)) reasons.Add(Lost(sight.LostNodes));
        if (sight.PendingPods is { } pending && pending > limits.MaxPendingPods) reasons.Add($"{pending} more pods than at the start find no node");
        if (sight.Throttled + sight.Failed >= Trouble) reasons.Add(Strain(sight));
        return reasons;
    }

    /// <summary>Whether a node takes pods and looks after them.</summary>
    public static bool IsReady(Node node)
    {
        foreach (var condition in node.Status.Conditions)
        {
            if (condition.Type == "Ready") return condition.Status == "True";
        }
        return false;
    }

    /// <summary>Whether a pod waits for the scheduler to find it a node.</summary>
    public static bool IsWithoutNode(Pod pod) => pod is { Spec.NodeName.Length: 0, Status.Phase: "Pending", Metadata.DeletionTimestamp: null };

    /// <summary>Whether the scheduler has tried, and found none.</summary>
    public static bool IsGivenUp(Pod pod)
    {
        foreach (var condition in pod.Status.Conditions)
        {
            if (condition.Type == "PodScheduled") return condition is { Status: "False", Reason: "Unschedulable" };
        }
        return false;
    }

    private static string Lost(IReadOnlyList<string> nodes)
    {
        var names = string.Join(", ", nodes.Take(3)) + (nodes.Count > 3 ? $" and {nodes.Count - 3} more" : "");
        return nodes.Count == 1 ? $"node {names} has become NotReady" : $"{nodes.Count} nodes have become NotReady ({names})";
    }

    private static string Strain(HealthSight sight) => (sight.Throttled, sight.Failed) switch
    {
        (0, var failed) => $"the API server has failed {Wording.Count(failed, "request")} within the last {Wording.Duration(HealthWatch.StrainWindow)}",
        (var throttled, 0) => $"the API server has throttled {Wording.Count(throttled, "request")} within the last {Wording.Duration(HealthWatch.StrainWindow)}",
        var (throttled, failed) => $"the API server has throttled {Wording.Count(throttled, "request")} and failed {failed} within the last {Wording.Duration(HealthWatch.StrainWindow)}",
    };
}
