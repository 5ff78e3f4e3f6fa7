namespace MeshRoll.Core.Workloads;

/// <summary>The workload a pod belongs to, and whether it can be restarted in place.</summary>
/// <param name="Workload">Which.</param>
/// <param name="Restartable">Whether MeshRoll can restart it.</param>
/// <param name="Reason">Why not, in words; empty when it can.</param>
public sealed record WorkloadOwner(WorkloadReference Workload, bool Restartable, string Reason);
