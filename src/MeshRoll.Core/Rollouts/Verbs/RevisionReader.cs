using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>Reads the revisions of a workload where its controller keeps them: ReplicaSets or ControllerRevisions.</summary>
internal sealed class RevisionReader(ClusterSession session)
{
    /// <summary>The revisions of a workload that was just read.</summary>
    public async Task<WorkloadHistory> ReadAsync(WorkloadReference workload, RawObject whole, IKubernetesObject model, CancellationToken cancellationToken)
    {
        var query = new ListQuery { LabelSelector = SelectorText.Of(SelectorOf(model)) };
        return new(workload, whole, workload.Kind switch
        {
            WorkloadKinds.Deployment => RevisionRules.OfReplicaSets(whole, await ListAsync(Resources.ReplicaSets.Raw), RevisionRules.DeploymentRevision),
            WorkloadKinds.Rollout => RevisionRules.OfReplicaSets(whole, await ListAsync(Resources.ReplicaSets.Raw), RevisionRules.ArgoRevision),
            _ => RevisionRules.OfControllerRevisions(whole, await ListAsync(Resources.ControllerRevisions)),
        });

        async Task<List<T>> ListAsync<T>(Resource<T> resource) where T : class, IKubernetesObject
        {
            var found = new List<T>();
            await foreach (var item in session.Client.ListAsync(resource, workload.Namespace, query, cancellationToken)) found.Add(item);
            return found;
        }
    }

    /// <summary>The pods of a workload that are there to stay.</summary>
    public async Task<IReadOnlyList<Pod>> PodsAsync(WorkloadReference workload, IKubernetesObject model, CancellationToken cancellationToken)
    {
        var pods = new List<Pod>();
        await foreach (var pod in session.Client.ListAsync(Resources.Pods, workload.Namespace, Sidecars.PodQuery.Of(SelectorText.Of(SelectorOf(model))), cancellationToken))
        {
            if (Sidecars.PodQuery.IsLive(pod)) pods.Add(pod);
        }
        return pods;
    }

    private static LabelSelector SelectorOf(IKubernetesObject model) => model switch
    {
        Deployment deployment => deployment.Spec.Selector,
        StatefulSet set => set.Spec.Selector,
        DaemonSet set => set.Spec.Selector,
        ArgoRollout rollout => rollout.Spec.Selector,
        _ => new(),
    };
}
