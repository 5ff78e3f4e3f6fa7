using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans;

/// <summary>Findings about a plan.</summary>
internal static class PlanFindings
{
    /// <summary>One about a workload.</summary>
    public static MeshFinding Of(WorkloadReference workload, string id, FindingSeverity severity, string message, string advice = "") => new()
    {
        Id = id,
        Severity = severity,
        Namespace = workload.Namespace,
        Kind = workload.Kind,
        Name = workload.Name,
        Object = workload.ShortName,
        Message = $"{PlanNames.Write(workload)} {message}",
        Advice = advice,
    };

    /// <summary>One about the plan itself.</summary>
    public static MeshFinding Of(string id, FindingSeverity severity, string message, string advice = "") => new() { Id = id, Severity = severity, Message = message, Advice = advice };
}
