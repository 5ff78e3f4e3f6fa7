namespace MeshRoll.Core.Migration;

/// <summary>How far the pods of one namespace, or of all together, are on their way from one version of the mesh to another.</summary>
public sealed record MeshMigration
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace; null for the total.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether this is the sum of all namespaces read.</summary>
    public bool Total { get; init; }

    /// <summary>Where pods come from: a revision or a version; empty for whatever is not <see cref="To"/>.</summary>
    public string From { get; init; } = "";

    /// <summary>Where pods go: a revision or a version.</summary>
    public required string To { get; init; }

    /// <summary>Pods with a sidecar of either, or with one that cannot be told.</summary>
    public int Pods { get; init; }

    /// <summary>Of them, those that have moved.</summary>
    public int Moved { get; init; }

    /// <summary>Of them, those that are left.</summary>
    public int Left { get; init; }

    /// <summary>Of them, those whose sidecar does not tell.</summary>
    public int Unknown { get; init; }

    /// <summary>Pods with a sidecar of neither side; they are not part of this migration.</summary>
    public int Other { get; init; }

    /// <summary>Moved pods of all, in percent, rounded down so that 100 means all; 100 where there are none. Null when not all pods could be read.</summary>
    public int? Percent { get; init; }

    /// <summary>Workloads all of whose pods have moved.</summary>
    public int WorkloadsMoved { get; init; }

    /// <summary>Workloads with pods that are left.</summary>
    public int WorkloadsLeft { get; init; }

    /// <summary>Of the pods left, those of workloads that cannot be restarted in place: bare pods, Jobs, what is paused.</summary>
    public int NotRestartable { get; init; }

    /// <summary>Of the pods left, those that would come back as they are, because new pods of them do not get <see cref="To"/> yet.</summary>
    public int NotSwitched { get; init; }

    /// <summary>When the oldest pod that is left was made, UTC; null when none is left.</summary>
    public DateTimeOffset? OldestLeft { get; init; }

    /// <summary>The beginning of the time that <see cref="MovedPerDay"/> is measured over, UTC; null when nothing has moved.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Moved pods that were made since then.</summary>
    public int MovedSince { get; init; }

    /// <summary>So many pods move in a day; null when there is nothing to measure by, or less than an hour of it.</summary>
    public double? MovedPerDay { get; init; }

    /// <summary>So many days remain at this pace; 0 when none is left, null when there is no pace, or when not all pods could be read.</summary>
    public double? DaysToGo { get; init; }

    /// <summary>Whether every pod has moved; false also when not all pods could be read.</summary>
    public bool Complete => Left == 0 && Unknown == 0 && Percent is not null;

    /// <summary>All of it in words, with what stands in the way.</summary>
    public string Message { get; init; } = "";
}
