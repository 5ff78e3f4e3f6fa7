using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Sidecars;

/// <summary>A workload with the sidecars it was summed up from.</summary>
/// <param name="Workload">The sum.</param>
/// <param name="Sidecars">Those of its live pods; none for a workload that has none yet.</param>
internal sealed record GatheredWorkload(MeshWorkload Workload, IReadOnlyList<MeshSidecar> Sidecars);
