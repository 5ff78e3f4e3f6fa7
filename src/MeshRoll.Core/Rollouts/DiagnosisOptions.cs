namespace MeshRoll.Core.Rollouts;

/// <summary>How workloads are diagnosed.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>Whether the last lines that failing containers wrote are read, too.</summary>
    public bool IncludeLog { get; init; }

    /// <summary>So many of them.</summary>
    public int LogLines { get; init; } = 20;

    /// <summary>Rollouts of the workloads, where somebody started them: they say which sidecar was wanted, and since when events count.</summary>
    public IReadOnlyCollection<MeshRollout> Rollouts { get; init; } = [];
}
