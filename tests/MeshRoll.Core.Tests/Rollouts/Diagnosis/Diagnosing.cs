using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts.Diagnosis;

/// <summary>Two looks at one pod of Deployment web: the first begins the clock, the second is what a test asks about.</summary>
internal static class Diagnosing
{
    /// <summary>What is said after so many seconds.</summary>
    public static RolloutDiagnosis After(int seconds, Pod pod, Event[]? events = null, IReadOnlyList<IstiodHealth>? istiods = null)
    {
        var observation = new Observation { Workload = Some.Deployment(updated: 1), Pods = [pod], Now = Some.Start, Events = events ?? [], Istiods = istiods ?? [] };
        var first = DiagnosisRules.Diagnose(observation);
        return seconds == 0 ? first : DiagnosisRules.Diagnose(observation with { Now = Some.Start.AddSeconds(seconds), Seen = first.Seen });
    }

    /// <summary>What is said by one look alone.</summary>
    public static RolloutDiagnosis Once(Pod pod, int seconds = 0, Event[]? events = null) =>
        DiagnosisRules.Diagnose(new() { Workload = Some.Deployment(updated: 1), Pods = [pod], Now = Some.Start.AddSeconds(seconds), IsSingle = true, Events = events ?? [] });
}
