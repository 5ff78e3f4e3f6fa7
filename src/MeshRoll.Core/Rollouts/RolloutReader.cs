using System.Runtime.CompilerServices;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts;

/// <summary>Reads the rollouts of workloads as they stand: once, without following.</summary>
public sealed class RolloutReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshRollout"/> per workload, while pages arrive. Those that are done come at once; for those that are not, the pods of their
    /// namespaces are read as well, so that they come last, with a diagnosis. Generation is null: whoever waits for such an object waits for the workload's
    /// newest template.
    /// </summary>
    /// <exception cref="InvalidRequestException">At once: a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshRollout>> ReadAsync(WorkloadSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return ReadAsync(selection, new NameFilter(selection), cancellationToken);
    }

    private async IAsyncEnumerable<ReadEvent<MeshRollout>> ReadAsync(WorkloadSelection selection, NameFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<IKubernetesObject> moving = [];
        await foreach (var happened in SelectedWorkloads.ReadAsync(Session, selection, filter, cancellationToken))
        {
            switch (happened)
            {
                case ReadEvent<IKubernetesObject>.Failed failed: yield return new ReadEvent<MeshRollout>.Failed(failed.Error, failed.Target); break;
                case ReadEvent<IKubernetesObject>.Remark remark: yield return new ReadEvent<MeshRollout>.Remark(remark.Text); break;
                case ReadEvent<IKubernetesObject>.Found { Item: var workload }:
                    var status = RolloutStatusRules.Of(workload, RolloutExpectation.Any, []);
                    if (status.State == RolloutState.Complete) yield return new ReadEvent<MeshRollout>.Found(Describe(workload, status, []));
                    else moving.Add(workload);
                    break;
            }
        }
        await foreach (var happened in MovingAsync(moving, cancellationToken)) yield return happened;
    }

    /// <summary>Those that are not done, with what their pods tell.</summary>
    private async IAsyncEnumerable<ReadEvent<MeshRollout>> MovingAsync(List<IKubernetesObject> moving, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var look = new SingleLook(Session, new());
        foreach (var group in moving.GroupBy(workload => workload.Metadata.Namespace))
        {
            if (await look.ReadPodsAsync(group.Key, group, cancellationToken) is { } refused)
            {
                yield return new ReadEvent<MeshRollout>.Remark($"Pods of namespace {group.Key} cannot be read, so reasons are not known there: {refused.Message}");
            }
            foreach (var workload in group)
            {
                yield return new ReadEvent<MeshRollout>.Found(Describe(workload, look.StatusOf(workload), await look.DiagnoseAsync(workload, null, cancellationToken)) with { Terminating = look.TerminatingOf(workload) });
            }
        }
    }

    private MeshRollout Describe(IKubernetesObject workload, RolloutStatus status, IReadOnlyList<MeshFinding> findings) => new()
    {
        Cluster = Session.Name,
        Namespace = workload.Metadata.Namespace,
        Kind = WorkloadObject.KindOf(workload),
        Name = workload.Metadata.Name,
        State = status.State,
        Desired = status.Desired,
        Updated = status.Updated,
        Ready = status.Ready,
        Available = status.Available,
        Old = status.Old,
        Revision = status.Revision,
        Message = status.Message,
        Diagnosis = findings,
        Uid = workload.Metadata.Uid,
    };
}
