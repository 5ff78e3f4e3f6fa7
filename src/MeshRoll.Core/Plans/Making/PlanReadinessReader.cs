using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Plans.Making;

/// <summary>Looks at a plan's workloads as the preflight does: one list of each kind that tells something, however many workloads there are.</summary>
internal sealed class PlanReadinessReader(ClusterSession session)
{
    /// <summary>What is found of these workloads. What may not be read is told in the entries and is no error.</summary>
    public async Task<IReadOnlyList<PlanReadiness>> ReadAsync(IReadOnlySet<WorkloadReference> workloads, int most, CancellationToken cancellationToken)
    {
        var query = new ReadinessQuery
        {
            Selection = new() { Namespaces = [.. workloads.Select(workload => workload.Namespace).Distinct(StringComparer.Ordinal)] },
            Only = workloads,
            Severity = FindingSeverity.Warning,
        };
        List<MeshReadinessFinding> findings = [];
        List<string> problems = [];
        try
        {
            await foreach (var happened in new ReadinessReader(session).ReadAsync(query, cancellationToken))
            {
                if (happened is ReadEvent<MeshReadinessFinding>.Found { Item: var finding }) findings.Add(finding);
                if (happened is ReadEvent<MeshReadinessFinding>.Failed failed) problems.Add(Refusal.InWords(failed.Error));
            }
        }
        catch (MeshRollException error) when (Refusal.IsOfThisPart(error))
        {
            problems.Add(Refusal.InWords(error));
        }
        return [.. PlanReadinessRules.Summarize(findings, most), .. PlanReadinessRules.Unread(problems)];
    }
}
