using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Making;

/// <summary>What an owner wants done before a workload: <c>meshroll.io/after: sts/db, payments/deploy/ledger</c>. Without a namespace its own is meant.</summary>
internal static class AfterAnnotation
{
    /// <summary>The annotation's key.</summary>
    public const string Key = "meshroll.io/after";

    /// <summary>The workloads it names, and the words that name none.</summary>
    public static (IReadOnlyList<WorkloadReference> Workloads, IReadOnlyList<string> Nonsense) Of(ObjectMeta metadata)
    {
        if (!metadata.Annotations.TryGetValue(Key, out var text)) return ([], []);
        List<WorkloadReference> workloads = [];
        List<string> nonsense = [];
        foreach (var word in text.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (PlanNames.Read(word, metadata.Namespace) is { } workload) workloads.Add(workload);
            else nonsense.Add(Wording.Line(word, 60));
        }
        return ([.. workloads.Distinct()], nonsense);
    }
}
