using MeshRoll.Core.Restarts;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Making;

/// <summary>Makes plans from a cluster as it is. Changes nothing.</summary>
public sealed class PlanAuthor(ClusterSession session)
{
    /// <summary>Makes a plan. What cannot be planned is left out, and a finding of the plan says so.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.NothingToPlan</c>, <c>MeshRoll.PlanCycle</c>, or a name that is none.</exception>
    public async Task<MeshRolloutPlan> CreateAsync(PlanRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Settings.ToOptions().Validate();
        var exclude = request.Exclude.Select(WorkloadName.Parse).ToList();
        List<PlanTarget> targets = [.. request.Targets.DistinctBy(target => target.Workload).Where(target => !exclude.Exists(name => name.IsMatch(target.Workload)))];
        var reader = new WorkloadObjects(session);
        var objects = await reader.ReadAsync(targets.Select(target => target.Workload).Where(workload => RestartRules.NotRestartable(workload) is null), cancellationToken);
        var newest = await reader.NewestSetsAsync(objects.Values, cancellationToken);
        List<MeshFinding> findings = [.. reader.Failures.Select(failure => PlanFindings.Of("NotReadable", FindingSeverity.Error, $"{failure.Target} cannot be read: {Refusal.InWords(failure.Error)}"))];
        List<PlanCandidate> candidates = [];
        foreach (var target in targets)
        {
            if (RestartRules.NotRestartable(target.Workload) is { } reason) findings.Add(PlanFindings.Of(target.Workload, "NotRestartable", FindingSeverity.Warning, $"was left out: {reason}"));
            else if (objects.TryGetValue(target.Workload, out var found)) candidates.Add(Candidate(target, found, request.Settings, newest.GetValueOrDefault(target.Workload), findings));
            else findings.Add(PlanFindings.Of(target.Workload, "WorkloadNotFound", FindingSeverity.Warning, "was left out: it is not there"));
        }
        if (candidates.Count == 0) throw new InvalidRequestException("MeshRoll.NothingToPlan", "There is nothing to plan: no workload was chosen, or none of those that were is there.");

        var arranged = WaveRules.Arrange(candidates, request);
        var now = session.TimeProvider.GetUtcNow();
        var id = PlanId.New();
        return new()
        {
            Name = request.Name.Length > 0 ? request.Name : $"plan-{now.UtcDateTime:yyyyMMdd-HHmm}-{id[..4]}",
            Id = id,
            Created = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero),
            Cluster = session.Name,
            LeaseNamespace = request.LeaseNamespace.Length > 0 ? request.LeaseNamespace : arranged.Waves[0].Workloads[0].Namespace,
            Settings = request.Settings,
            Windows = request.Windows,
            Freezes = request.Freezes,
            Exclude = request.Exclude,
            Readiness = request.SkipReadiness ? null : await new PlanReadinessReader(session).ReadAsync(candidates.Select(candidate => candidate.Workload.Reference).ToHashSet(), PlanReadinessRules.Named, cancellationToken),
            Findings = [.. findings, .. arranged.Findings],
            Waves = [.. arranged.Waves.Select(wave => wave with { Estimate = Rounded(PlanEstimates.OfWave(wave.Workloads, wave.Settings.Over(request.Settings))) })],
        };
    }

    private static PlanCandidate Candidate(PlanTarget target, IKubernetesObject found, PlanSettings settings, ReplicaSet? newest, List<MeshFinding> findings)
    {
        var (after, nonsense) = AfterAnnotation.Of(found.Metadata);
        foreach (var word in nonsense)
            findings.Add(PlanFindings.Of(target.Workload, "AfterUnreadable", FindingSeverity.Warning, $"has the annotation {AfterAnnotation.Key} with \"{word}\", which names no workload", $"Write kind/name or {PlanNames.Form}."));
        return new(new()
        {
            Namespace = target.Workload.Namespace,
            Kind = target.Workload.Kind,
            Name = target.Workload.Name,
            Pods = WorkloadObject.Desired(found),
            Sidecars = target.Sidecars,
            DesiredVersion = target.Target.DesiredVersion,
            DesiredRevision = target.Target.DesiredRevision,
            Estimate = Rounded(PlanEstimates.OfWorkload(found, settings, newest)),
            Uid = found.Metadata.Uid,
            Generation = found.Metadata.Generation,
            After = after,
        }, found.Metadata.Labels);
    }

    // An estimate to the millisecond would only make plans differ.
    private static TimeSpan? Rounded(TimeSpan? estimate) => estimate is { } time ? TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)) : null;
}
