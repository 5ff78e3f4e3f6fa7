using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using System.Net;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// Questions to the cluster beyond its workloads and pods. Nothing is asked while nothing is wrong; what many rollouts of a namespace want to know
/// at the same time is asked once.
/// </summary>
internal sealed class Inquiries(ClusterSession session, SidecarTarget target)
{
    /// <summary>Between two looks at what may change meanwhile: a namespace's events, the istiods.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const string UsualIstioNamespace = "istio-system";

    private readonly object _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Asked, Task<IReadOnlyList<Event>> Answer)> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<MeshKnowledge>> _knowledge = new(StringComparer.Ordinal);
    private (DateTimeOffset Asked, Task<IReadOnlyList<IstiodHealth>> Answer)? _istiods;

    /// <summary>The warnings that concern <paramref name="workload"/>: its own, those of its ReplicaSets and of its pods.</summary>
    public async Task<IReadOnlyList<Event>> WarningsAsync(WorkloadReference workload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<Event>> answer;
        lock (_gate)
        {
            if (_events.TryGetValue(workload.Namespace, out var known) && now - known.Asked < Interval) answer = known.Answer;
            else _events[workload.Namespace] = (now, answer = ListWarningsAsync(workload.Namespace, cancellationToken));
        }
        return [.. (await answer).Where(failed => Concerns(failed.InvolvedObject, workload))];
    }

    /// <summary>Whether a Deployment's newest template has this hash: its ReplicaSet of that name carries the Deployment's own revision.</summary>
    public async Task<bool> IsNewestAsync(Deployment deployment, string hash, CancellationToken cancellationToken)
    {
        const string Revision = "deployment.kubernetes.io/revision";
        try
        {
            var found = await session.Client.FindAsync(Resources.ReplicaSets, deployment.Metadata.Namespace, $"{deployment.Metadata.Name}-{hash}", cancellationToken);
            if (found is null) return false;
            return deployment.Metadata.Annotations.GetValueOrDefault(Revision) is not { } revision || found.Metadata.Annotations.GetValueOrDefault(Revision) == revision;
        }
        catch (ApiException error) when (error.Code == HttpStatusCode.Forbidden)
        {
            // Who may not read ReplicaSets goes by the pods, which is right in all but the moment after an undo.
            return true;
        }
    }

    /// <summary>The istiods in the cluster and whether they are ready; none where their pods may not be read, or where they are elsewhere.</summary>
    public Task<IReadOnlyList<IstiodHealth>> IstiodsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_istiods is { } known && now - known.Asked < Interval) return known.Answer;
            _istiods = (now, ReadIstiodsAsync(cancellationToken));
            return _istiods.Value.Answer;
        }
    }

    /// <summary>What the meshes inject in a namespace; read once.</summary>
    public Task<MeshKnowledge> KnowledgeAsync(string @namespace, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_knowledge.TryGetValue(@namespace, out var answer)) _knowledge[@namespace] = answer = MeshKnowledge.ReadAsync(session, target, [@namespace], cancellationToken);
            return answer;
        }
    }

    private async Task<IReadOnlyList<Event>> ListWarningsAsync(string @namespace, CancellationToken cancellationToken)
    {
        List<Event> events = [];
        await foreach (var told in session.Client.ListAsync(Resources.Events, @namespace, new() { FieldSelector = "type=Warning" }, cancellationToken))
        {
            if (told.Reason is "FailedCreate" or "Unhealthy" || EventSignals.Reasons.Contains(told.Reason) || ContainerSignals.TellsOfPullBackOff(told)) events.Add(told);
        }
        return events;
    }

    // It only adds a reason: who may not read pods of other namespaces does without.
    private async Task<IReadOnlyList<IstiodHealth>> ReadIstiodsAsync(CancellationToken cancellationToken)
    {
        foreach (var @namespace in (string?[])[null, UsualIstioNamespace])
        {
            try
            {
                List<Pod> pods = [];
                await foreach (var pod in session.Client.ListAsync(Resources.Pods, @namespace, new() { LabelSelector = Istiod.Selector }, cancellationToken)) pods.Add(pod);
                return IstiodHealth.Of(pods);
            }
            catch (ApiException error) when (error.Code == HttpStatusCode.Forbidden)
            {
            }
        }
        return [];
    }

    // A ReplicaSet is named after its owner and a hash without a dash: web-api-5d4 belongs to web-api, not to web.
    private static bool Concerns(ObjectReference involved, WorkloadReference workload)
    {
        // Roughly, by name; whose pod it is, its uid tells.
        if (involved.Kind == "Pod") return involved.Name.StartsWith($"{workload.Name}-", StringComparison.Ordinal);
        if (workload.Kind is not (WorkloadKinds.Deployment or WorkloadKinds.Rollout)) return involved.Kind == workload.Kind && involved.Name == workload.Name;
        return involved.Kind == "ReplicaSet" && involved.Name.StartsWith($"{workload.Name}-", StringComparison.Ordinal) && involved.Name.IndexOf('-', workload.Name.Length + 1) < 0;
    }
}
