using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// Diagnoses workloads as they stand, once, without following them: by the cluster's own times instead of a memory. Beyond the pods something is asked only
/// where a first look found something wrong.
/// </summary>
internal sealed class SingleLook(ClusterSession session, SidecarTarget target)
{
    private const int Few = 3;

    private readonly PodIndex _pods = new();
    private readonly Inquiries _inquiries = new(session, target);
    private readonly DateTimeOffset _now = session.TimeProvider.GetUtcNow();

    /// <summary>
    /// Reads the pods of workloads of one namespace: of few by their selectors, so that one among hundreds costs what it is, else all. Gives why they cannot
    /// be read, or null.
    /// </summary>
    public async Task<ApiException?> ReadPodsAsync(string @namespace, IEnumerable<IKubernetesObject> workloads, CancellationToken cancellationToken)
    {
        string[] selectors = [.. workloads.Select(workload => WorkloadObject.SelectorOf(workload) is { } selector ? SelectorText.Of(selector) : "").Distinct()];
        if (selectors.Length > Few || selectors.Contains("")) selectors = [""];
        try
        {
            foreach (var selector in selectors)
            {
                await foreach (var pod in session.Client.ListAsync(Resources.Pods, @namespace, new() { LabelSelector = selector }, cancellationToken)) _pods.Put(pod);
            }
            return null;
        }
        catch (ApiException error)
        {
            return error;
        }
    }

    /// <summary>How a workload's rollout stands, by the pods that were read.</summary>
    public RolloutStatus StatusOf(IKubernetesObject workload) => RolloutStatusRules.Of(workload, RolloutExpectation.Any, PodsOf(workload));

    /// <summary>Pods of it that are being deleted.</summary>
    public int TerminatingOf(IKubernetesObject workload) => PodsOf(workload).Count(pod => pod.Metadata.DeletionTimestamp is not null);

    /// <summary>What is wrong with a workload; <paramref name="rollout"/> says which sidecar was wanted, where somebody restarted it.</summary>
    public async Task<IReadOnlyList<MeshFinding>> DiagnoseAsync(IKubernetesObject workload, MeshRollout? rollout, CancellationToken cancellationToken)
    {
        var (reference, pods, status) = (WorkloadObject.ReferenceOf(workload), PodsOf(workload), StatusOf(workload));
        var observation = new Observation
        {
            Workload = workload,
            Pods = pods,
            PodsAreMissing = pods.Count(PodQuery.IsLive) < status.Desired,
            Since = rollout?.Generation is null ? null : rollout.StartTime,
            Now = _now,
            IsSingle = true,
            Cluster = session.Name,
        };
        var diagnosis = DiagnosisRules.Diagnose(observation);
        var asked = Inquiry.None;
        while ((Wanted(observation, diagnosis) & ~asked) is var ask and not Inquiry.None)
        {
            asked |= ask;
            if (ask.HasFlag(Inquiry.Events)) observation = observation with { Events = await OrNoneAsync(() => _inquiries.WarningsAsync(reference, _now, cancellationToken)) };
            if (ask.HasFlag(Inquiry.ControlPlane)) observation = observation with { Istiods = await OrNoneAsync(() => _inquiries.IstiodsAsync(_now, cancellationToken)) };
            diagnosis = DiagnosisRules.Diagnose(observation);
        }
        return await SidecarFindingAsync(workload, pods, status, rollout, cancellationToken) is { } sidecar ? [.. diagnosis.Findings, sidecar] : diagnosis.Findings;
    }

    private static Inquiry Wanted(Observation observation, RolloutDiagnosis diagnosis) => diagnosis.Ask | (observation.PodsAreMissing ? Inquiry.Events : Inquiry.None);

    private async Task<MeshFinding?> SidecarFindingAsync(IKubernetesObject workload, IReadOnlyCollection<Pod> pods, RolloutStatus status, MeshRollout? rollout, CancellationToken cancellationToken)
    {
        if (status.Updated == 0) return null;
        rollout ??= new() { Cluster = session.Name, Namespace = workload.Metadata.Namespace, Kind = WorkloadObject.KindOf(workload), Name = workload.Metadata.Name };
        var check = status.State == RolloutState.Complete && SidecarVerification.IsWanted(rollout) ? (Func<MeshKnowledge, MeshFinding?>)Check : CheckEarly;
        if (check(new()) is not { } first) return null;
        return first.Id == SidecarVerification.Outdated ? check(await _inquiries.KnowledgeAsync(workload.Metadata.Namespace, cancellationToken)) : first;

        MeshFinding? Check(MeshKnowledge knowledge) => SidecarVerification.Check(rollout, workload, pods, knowledge);

        MeshFinding? CheckEarly(MeshKnowledge knowledge) => SidecarVerification.CheckEarly(rollout, workload, pods, knowledge);
    }

    private IReadOnlyCollection<Pod> PodsOf(IKubernetesObject workload) => _pods.Of(WorkloadObject.ReferenceOf(workload));

    // What is asked beyond the pods only adds a reason; who may not read it sees the rest.
    private static async Task<IReadOnlyList<T>> OrNoneAsync<T>(Func<Task<IReadOnlyList<T>>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ApiException)
        {
            return [];
        }
    }
}
