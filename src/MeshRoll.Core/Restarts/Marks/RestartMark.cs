namespace MeshRoll.Core.Restarts.Marks;

/// <summary>
/// What a run writes on a workload whose pods it replaces by itself, before it does anything else: whose turn it is, and what is to be restored. It is
/// all that is needed to finish or to undo after a crash, on any machine.
/// </summary>
/// <remarks>
/// The annotation holds it, and a label of the same name holds the run's id. A Deployment's annotations are copied to its ReplicaSets and come back with
/// an undo (pkg/controller/deployment/util, SetNewReplicaSetAnnotations; kubectl, rollback.go); labels are not. So an annotation without its label is an
/// old copy and means nothing, and the label lets the server find what is marked.
/// </remarks>
public sealed record RestartMark
{
    /// <summary>The annotation on the workload (not on its template: it must restart nothing), and the label beside it.</summary>
    public const string Key = "meshroll.io/run";

    /// <summary>The run's id, unique.</summary>
    public required string Run { get; init; }

    /// <summary>Surge or Evict.</summary>
    public required string Strategy { get; init; }

    /// <summary>Who: user and machine, <c>ann@build-7</c>.</summary>
    public required string By { get; init; }

    /// <summary>The process on that machine.</summary>
    public required int Process { get; init; }

    /// <summary>When the run began with this workload, UTC, by its own clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the run was last heard of, UTC, by its own clock.</summary>
    public required DateTimeOffset Beat { get; init; }

    /// <summary>The count of pods before the run changed it; null when it did not.</summary>
    public int? Replicas { get; init; }

    /// <summary>Pods added to that count.</summary>
    public int Surge { get; init; }

    /// <summary>Whether all pods are replaced, not only the outdated ones.</summary>
    public bool AllPods { get; init; }

    /// <summary>Pods made after this time, by the server's clock, are replacements and stay.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The count the workload has while the mark stands; null when the run does not change it.</summary>
    public int? RaisedReplicas => Replicas + Surge;

    /// <summary><c>ann@build-7 (run 3f9a…, since 2026-03-01 03:00:12Z)</c>.</summary>
    public override string ToString() => $"{By} (run {Run}, since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z)";
}
