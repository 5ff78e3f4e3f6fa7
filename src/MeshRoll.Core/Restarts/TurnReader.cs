using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Restarts;

/// <summary>
/// What is known of a workload when its turn comes: from the caches that follow the rollouts anyhow, so that two hundred turns cost no request beyond one
/// list per kind and scope, and yet each sees the workload as it is at that moment.
/// </summary>
internal sealed class TurnReader(ClusterSession session, ClusterView view, RestartOptions options, IReadOnlyList<string> namespaces)
{
    /// <summary>A long walk may see the mesh change: what it injects is read anew after this time.</summary>
    private static readonly TimeSpan KnowledgeAge = TimeSpan.FromMinutes(5);

    private readonly Autoscalers _autoscalers = new(session);
    private readonly IReadOnlyList<WorkloadName> _exclude = [.. options.Guards.Exclude.Select(WorkloadName.Parse)];
    private MeshKnowledge? _knowledge;
    private DateTimeOffset _readAt;

    /// <summary>The facts, or why they cannot be had.</summary>
    public async Task<(RestartFacts? Facts, MeshRollException? Refusal)> ReadAsync(RestartTarget target, CancellationToken cancellationToken)
    {
        var workload = target.Workload;
        var knowledge = await KnowledgeAsync(cancellationToken);
        var listed = ExclusionRules.Listed(workload, _exclude);
        var unseen = new RestartFacts(workload, null, []) { Excluded = listed };
        if (RestartRules.NotRestartable(workload) is not null) return (unseen, null);
        // What is left alone anyhow needs not be readable.
        if (await view.ReadyAsync(workload, cancellationToken) is { } refusal) return listed is null ? (null, refusal) : (unseen, null);
        if (view.Find(workload) is not { } found) return (unseen, null);

        var pods = view.PodsOf(workload);
        var newest = NewTemplate.Of(found, pods);
        var template = WorkloadObject.TemplateOf(found);
        return (new(workload, found,
        [
            .. from pod in pods
               where PodQuery.IsLive(pod)
               select new JudgedPod(pod, knowledge.Describe(pod, workload, session.Name, template), newest.Made(pod)),
        ])
        {
            Excluded = listed ?? ExclusionRules.Annotated(workload, found, knowledge.Namespaces.Find(workload.Namespace), target.IsNamed),
            Autoscaler = !options.IgnoreAutoscaler && StrategyChoice.MayBeSurge(found, options.Strategy) ? await _autoscalers.OfAsync(workload, cancellationToken) : null,
        }, null);
    }

    /// <summary>What the meshes inject, as of a few minutes ago at most.</summary>
    public async Task<MeshKnowledge> KnowledgeAsync(CancellationToken cancellationToken)
    {
        var now = session.TimeProvider.GetUtcNow();
        if (_knowledge is null || now - _readAt > KnowledgeAge)
        {
            try
            {
                _knowledge = await MeshKnowledge.ReadAsync(session, options.Target, namespaces, cancellationToken);
            }
            catch (MeshRollException) when (_knowledge is not null)
            {
                // What was read some minutes ago is better than an end in the middle of the walk.
            }
            _readAt = now;
        }
        return _knowledge;
    }
}
