using System.Net;
using System.Runtime.CompilerServices;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Repair;

/// <summary>
/// Takes back what runs that were killed left behind: counts of pods that are still raised, and marks. Each workload is one write, refused by the server if
/// anybody changed it since it was read; so a repair that is cut off itself has repaired each workload or not touched it.
/// </summary>
public sealed class WorkloadRepair(ClusterSession session)
{
    private const int Attempts = 5;

    /// <summary>Finds the marked workloads of a selection, by their label, and repairs each that may be repaired.</summary>
    /// <param name="selection">Which workloads. Its label selector applies to workloads.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends it between two workloads.</param>
    /// <returns>One <see cref="MeshRepair"/> for each marked workload that was, or could be, repaired; what may not be is a failure of its own.</returns>
    public async IAsyncEnumerable<ReadEvent<MeshRepair>> RunAsync(WorkloadSelection selection, RepairOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(options);
        var filter = new NameFilter(selection);
        var scope = await NamespaceScope.ResolveAsync(session, selection, cancellationToken);
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<MeshRepair>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<MeshRepair>.Remark(remark);

        var query = new ListQuery { LabelSelector = string.IsNullOrWhiteSpace(selection.LabelSelector) ? RestartMark.Key : $"{RestartMark.Key},{selection.LabelSelector}" };
        await foreach (var found in MarkedAsync(scope, filter, query, cancellationToken))
        {
            if (found is ReadEvent<IKubernetesObject>.Failed failed) yield return new ReadEvent<MeshRepair>.Failed(failed.Error, failed.Target);
            if (found is not ReadEvent<IKubernetesObject>.Found { Item: var workload } || !filter.IsMatch(WorkloadObject.ReferenceOf(workload))) continue;
            if (await RepairAsync(workload, options, cancellationToken) is { } repaired) yield return repaired;
        }
    }

    private async Task<ReadEvent<MeshRepair>?> RepairAsync(IKubernetesObject workload, RepairOptions options, CancellationToken cancellationToken)
    {
        var name = WorkloadObject.ReferenceOf(workload);
        var writes = new WorkloadWrites(session, options.FieldManager);
        string? approved = null;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (RepairRules.Decide(workload, options.Force, session.TimeProvider.GetUtcNow(), session.Runs) is not { } decision) return null;
                if (decision.Refusal is { } refusal) return new ReadEvent<MeshRepair>.Failed(refusal, name.ToString());
                // Asked again only when something else would be done than what was agreed to.
                if (approved != decision.Action && options.Approve is { } approve && !await approve(name, decision.Action, cancellationToken))
                    return new ReadEvent<MeshRepair>.Found(Describe(workload, decision, isRepaired: false));
                approved = decision.Action;
                try
                {
                    await writes.PatchAsync(name, MarkPatch.Remove(workload.Metadata.ResourceVersion, decision.Replicas), cancellationToken);
                    return new ReadEvent<MeshRepair>.Found(Describe(workload, decision, isRepaired: true));
                }
                catch (ApiException conflict) when (conflict.Code == HttpStatusCode.Conflict && attempt < Attempts)
                {
                    if (await writes.FindAsync(name, cancellationToken) is not { } newer) return null;
                    workload = newer;
                }
            }
        }
        catch (ApiException gone) when (gone.Code == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (MeshRollException error) when (Refusal.IsOfThisPart(error))
        {
            return new ReadEvent<MeshRepair>.Failed(error, name.ToString());
        }
    }

    private MeshRepair Describe(IKubernetesObject workload, RepairDecision decision, bool isRepaired)
    {
        var (name, mark) = (WorkloadObject.ReferenceOf(workload), MarkRules.Of(workload).Mark);
        return new()
        {
            Cluster = session.Name,
            Namespace = name.Namespace,
            Kind = name.Kind,
            Name = name.Name,
            RunId = mark?.Run ?? "",
            Strategy = mark?.Strategy ?? "",
            By = mark?.By ?? "",
            Since = mark?.Since,
            LastHeardOf = mark?.Beat,
            Replicas = WorkloadObject.Desired(workload),
            RestoredReplicas = isRepaired ? decision.Replicas : null,
            Repaired = isRepaired,
            Message = isRepaired ? decision.Action : $"declined: {decision.Action}",
        };
    }

    /// <summary>What carries the label, of all kinds that may. Argo Rollouts only where they are served.</summary>
    private async IAsyncEnumerable<ReadEvent<IKubernetesObject>> MarkedAsync(NamespaceScope scope, NameFilter filter, ListQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in OfKindAsync(Resources.Deployments, scope, filter, query, cancellationToken)) yield return found;
        await foreach (var found in OfKindAsync(Resources.StatefulSets, scope, filter, query, cancellationToken)) yield return found;
        await foreach (var found in OfKindAsync(Resources.DaemonSets, scope, filter, query, cancellationToken)) yield return found;
        await foreach (var found in OfKindAsync(Resources.ReplicaSets, scope, filter, query, cancellationToken)) yield return found;
        if (!filter.MayBe(WorkloadKinds.Rollout) || !await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken)) yield break;
        await foreach (var found in OfKindAsync(Resources.ArgoRollouts, scope, filter, query, cancellationToken)) yield return found;
    }

    private async IAsyncEnumerable<ReadEvent<IKubernetesObject>> OfKindAsync<T>(
        Resource<T> resource, NamespaceScope scope, NameFilter filter, ListQuery query, [EnumeratorCancellation] CancellationToken cancellationToken) where T : class, IKubernetesObject
    {
        if (!filter.MayBe(resource.Kind)) yield break;
        await using var listing = new ScopedListing<T>(session, resource, scope, query, cancellationToken);
        await foreach (var happened in listing.ReadAsync(cancellationToken))
        {
            switch (happened)
            {
                case ReadEvent<T>.Found { Item: var item }: yield return new ReadEvent<IKubernetesObject>.Found(item); break;
                case ReadEvent<T>.Failed failed: yield return new ReadEvent<IKubernetesObject>.Failed(failed.Error, $"{resource.Plural} of {failed.Target}"); break;
            }
        }
    }
}

/// <summary>How workloads are repaired.</summary>
public sealed record RepairOptions
{
    /// <summary>Takes a run that may still work for dead, and a mark that cannot be read away.</summary>
    public bool Force { get; init; }

    /// <summary>The name the change is recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";

    /// <summary>Asked before each change; false leaves the workload alone. Null approves all.</summary>
    public Func<WorkloadReference, string, CancellationToken, ValueTask<bool>>? Approve { get; init; }
}
