using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Checking;

/// <summary>Compares a plan with the cluster of today. Changes nothing.</summary>
public sealed class PlanCheck(ClusterSession session)
{
    /// <summary>The plan with its differences, the worst first.</summary>
    public async Task<MeshRolloutPlan> CompareAsync(MeshRolloutPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var planned = plan.Waves.SelectMany(wave => wave.Workloads).ToList();
        List<MeshFinding> differences = [.. PlanDifferenceRules.OfPlan(plan, session.Name, session.TimeProvider.GetUtcNow())];
        var reader = new WorkloadObjects(session);
        var objects = await reader.ReadAsync(planned.Select(workload => workload.Reference), cancellationToken);
        differences.AddRange(reader.Failures.Select(failure => PlanFindings.Of("NotReadable", FindingSeverity.Error, $"{failure.Target} cannot be read: {Refusal.InWords(failure.Error)}")));
        var today = await InMeshAsync(planned, differences, cancellationToken);
        foreach (var workload in planned)
        {
            // What could not be read is not known to be gone.
            if (!objects.ContainsKey(workload.Reference) && reader.Failures.Exists(failure => failure.Target == $"{workload.Namespace} {workload.Kind}")) continue;
            if (PlanDifferenceRules.OfWorkload(plan, workload, objects.GetValueOrDefault(workload.Reference), today.GetValueOrDefault(workload.Reference)) is { } difference) differences.Add(difference);
        }
        differences.AddRange(await NewcomersAsync(plan, planned, today, reader, cancellationToken));
        if (plan.Readiness is not null) differences.AddRange(await ReadinessAsync(plan.Readiness, objects.Keys.ToHashSet(), cancellationToken));
        return plan with { Differences = [.. differences.OrderByDescending(difference => difference.Severity)] };
    }

    // Only of a plan that says something of it: nothing else could be compared.
    private async Task<IEnumerable<MeshFinding>> ReadinessAsync(IReadOnlyList<PlanReadiness> then, HashSet<WorkloadReference> there, CancellationToken cancellationToken)
    {
        if (there.Count == 0) return [];
        var now = await new PlanReadinessReader(session).ReadAsync(there, int.MaxValue, cancellationToken);
        return PlanReadinessRules.Compare(then, now, there.Select(PlanNames.Write).ToHashSet(StringComparer.Ordinal));
    }

    private async Task<Dictionary<WorkloadReference, MeshWorkload>> InMeshAsync(List<PlannedWorkload> planned, List<MeshFinding> differences, CancellationToken cancellationToken)
    {
        Dictionary<WorkloadReference, MeshWorkload> today = [];
        var query = new SidecarQuery { Selection = new() { Namespaces = [.. planned.Select(workload => workload.Namespace).Distinct()] } };
        await foreach (var read in new SidecarInventory(session).ReadWorkloadsAsync(query, cancellationToken))
        {
            if (read is ReadEvent<MeshWorkload>.Found { Item: var workload }) today[new(workload.Namespace, workload.Kind, workload.Name)] = workload;
            else if (read is ReadEvent<MeshWorkload>.Failed failed) differences.Add(PlanFindings.Of("NotReadable", FindingSeverity.Warning, $"{failed.Target} cannot be read: {failed.Error.Message.TrimEnd('.')}"));
        }
        return today;
    }

    private static async Task<IEnumerable<MeshFinding>> NewcomersAsync(MeshRolloutPlan plan, List<PlannedWorkload> planned, Dictionary<WorkloadReference, MeshWorkload> today, WorkloadObjects reader, CancellationToken cancellationToken)
    {
        if (plan.Created is null) return [];
        var known = planned.Select(workload => workload.Reference).ToHashSet();
        var exclude = plan.Exclude.Select(WorkloadName.Parse).ToList();
        List<WorkloadReference> others = [.. today.Keys.Where(workload => !known.Contains(workload) && today[workload] is { Outdated: true, Restartable: true } && !exclude.Exists(name => name.IsMatch(workload)))];
        var objects = await reader.ReadAsync(others, cancellationToken);
        return others.Select(workload => PlanDifferenceRules.OfNewcomer(plan, today[workload], objects.GetValueOrDefault(workload))).OfType<MeshFinding>();
    }
}
