using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Making;

/// <summary>Reads many workloads as the server has them: one list for each kind and namespace, single questions where only a few are asked for.</summary>
internal sealed class WorkloadObjects(ClusterSession session)
{
    private const int AskedOneByOne = 3;

    private readonly WorkloadWrites _single = new(session, "meshroll");

    /// <summary>Why some could not be read, by namespace and kind.</summary>
    public List<(string Target, MeshRollException Error)> Failures { get; } = [];

    /// <summary>Those that are there.</summary>
    public async Task<Dictionary<WorkloadReference, IKubernetesObject>> ReadAsync(IEnumerable<WorkloadReference> workloads, CancellationToken cancellationToken)
    {
        Dictionary<WorkloadReference, IKubernetesObject> found = [];
        foreach (var group in workloads.Distinct().GroupBy(workload => (workload.Namespace, workload.Kind)))
        {
            try
            {
                if (group.Count() <= AskedOneByOne) await AskAsync(group, found, cancellationToken);
                else await ListAsync(group.Key.Namespace, group.Key.Kind, [.. group.Select(workload => workload.Name)], found, cancellationToken);
            }
            catch (MeshRollException error) when (Refusal.IsOfThisPart(error))
            {
                Failures.Add(($"{group.Key.Namespace} {group.Key.Kind}", error));
            }
        }
        return found;
    }

    /// <summary>The ReplicaSet that each Deployment's last rollout made, as far as they may be read.</summary>
    public async Task<Dictionary<WorkloadReference, ReplicaSet>> NewestSetsAsync(IEnumerable<IKubernetesObject> workloads, CancellationToken cancellationToken)
    {
        Dictionary<WorkloadReference, ReplicaSet> newest = [];
        foreach (var group in workloads.OfType<Deployment>().GroupBy(deployment => deployment.Metadata.Namespace))
        {
            var byUid = group.ToDictionary(deployment => deployment.Metadata.Uid);
            try
            {
                await foreach (var set in session.Client.ListAsync(Resources.ReplicaSets, group.Key, cancellationToken: cancellationToken))
                {
                    if (set.Metadata.Controller is not { } owner || !byUid.TryGetValue(owner.Uid, out var deployment)) continue;
                    if (set.Metadata.Annotations.GetValueOrDefault(Revision, "") != deployment.Metadata.Annotations.GetValueOrDefault(Revision, "?")) continue;
                    newest[WorkloadObject(deployment)] = set;
                }
            }
            catch (MeshRollException error) when (Refusal.IsOfThisPart(error))
            {
                // Then the probes alone tell.
            }
        }
        return newest;
    }

    private const string Revision = "deployment.kubernetes.io/revision";

    private static WorkloadReference WorkloadObject(Deployment deployment) => new(deployment.Metadata.Namespace, WorkloadKinds.Deployment, deployment.Metadata.Name);

    private async Task AskAsync(IEnumerable<WorkloadReference> workloads, Dictionary<WorkloadReference, IKubernetesObject> found, CancellationToken cancellationToken)
    {
        foreach (var workload in workloads)
        {
            if (await _single.FindAsync(workload, cancellationToken) is { } item) found[workload] = item;
        }
    }

    private async Task ListAsync(string @namespace, string kind, HashSet<string> names, Dictionary<WorkloadReference, IKubernetesObject> found, CancellationToken cancellationToken)
    {
        await (kind switch
        {
            WorkloadKinds.Deployment => List(Resources.Deployments),
            WorkloadKinds.StatefulSet => List(Resources.StatefulSets),
            WorkloadKinds.DaemonSet => List(Resources.DaemonSets),
            WorkloadKinds.ReplicaSet => List(Resources.ReplicaSets),
            _ => List(Resources.ArgoRollouts),
        });

        async Task List<T>(Resource<T> resource) where T : class, IKubernetesObject
        {
            await foreach (var item in session.Client.ListAsync(resource, @namespace, cancellationToken: cancellationToken))
            {
                if (names.Contains(item.Metadata.Name)) found[new(@namespace, kind, item.Metadata.Name)] = item;
            }
        }
    }
}
