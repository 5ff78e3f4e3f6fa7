using System.Runtime.CompilerServices;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>Reads what is wrong with workloads as they stand: once, without following. Where nothing is wrong nothing comes.</summary>
public sealed class DiagnosisReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>Refuses a selection that cannot be read, before it is asked with.</summary>
    /// <exception cref="InvalidRequestException">A name, kind or label selector cannot be read.</exception>
    public static void Check(WorkloadSelection selection) => _ = new NameFilter(selection);

    /// <summary>
    /// The findings of each workload, most telling first. Costs the lists of workloads and one list of pods for each namespace; only where something is wrong
    /// events, the control plane and, if wanted, logs are read.
    /// </summary>
    /// <exception cref="InvalidRequestException">At once: a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshFinding>> ReadAsync(WorkloadSelection selection, DiagnosisOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(options);
        return ReadAsync(selection, options, new NameFilter(selection), cancellationToken);
    }

    private async IAsyncEnumerable<ReadEvent<MeshFinding>> ReadAsync(WorkloadSelection selection, DiagnosisOptions options, NameFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<IKubernetesObject> workloads = [];
        await foreach (var happened in SelectedWorkloads.ReadAsync(Session, selection, filter, cancellationToken))
        {
            switch (happened)
            {
                case ReadEvent<IKubernetesObject>.Failed failed: yield return new ReadEvent<MeshFinding>.Failed(failed.Error, failed.Target); break;
                case ReadEvent<IKubernetesObject>.Remark remark: yield return new ReadEvent<MeshFinding>.Remark(remark.Text); break;
                case ReadEvent<IKubernetesObject>.Found { Item: var workload }: workloads.Add(workload); break;
            }
        }

        var look = new SingleLook(Session, new());
        var logs = new ContainerLogs(Session, options.LogLines);
        var rollouts = options.Rollouts.ToLookup(rollout => new WorkloadReference(rollout.Namespace, rollout.Kind, rollout.Name));
        foreach (var group in workloads.GroupBy(workload => workload.Metadata.Namespace))
        {
            if (await look.ReadPodsAsync(group.Key, group, cancellationToken) is { } refused)
            {
                yield return new ReadEvent<MeshFinding>.Failed(refused, group.Key);
                continue;
            }
            foreach (var workload in group)
            {
                foreach (var finding in await look.DiagnoseAsync(workload, rollouts[WorkloadObject.ReferenceOf(workload)].LastOrDefault(), cancellationToken))
                {
                    if (!options.IncludeLog)
                    {
                        yield return new ReadEvent<MeshFinding>.Found(finding);
                        continue;
                    }
                    var (told, remark) = await logs.AddAsync(finding, cancellationToken);
                    if (remark.Length > 0) yield return new ReadEvent<MeshFinding>.Remark(remark);
                    yield return new ReadEvent<MeshFinding>.Found(told);
                }
            }
        }
    }
}
