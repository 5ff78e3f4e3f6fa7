using System.Runtime.CompilerServices;
using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Migration.Usage;

/// <summary>Reads what still uses a revision of the control plane.</summary>
public sealed class RevisionUsageReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshRevisionUsage"/> per thing in use, when all was read. What could not be read is among them, with <see cref="MeshRevisionUsage.Blocking"/>
    /// null: nobody knows what it hides.
    /// </summary>
    /// <exception cref="Kubernetes.MeshRollException">A backup cannot be used.</exception>
    /// <exception cref="NotFoundException"><c>MeshRoll.RevisionNotFound</c>: there is no such revision.</exception>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.RevisionIsTag</c>: a tag was named.</exception>
    public async IAsyncEnumerable<MeshRevisionUsage> ReadAsync(RevisionUsageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var kept = await KeptInjectors.ReadAsync(Session, query.Backups, cancellationToken);
        var planesTask = new ControlPlaneFactsReader(Session).ReadAsync(cancellationToken);
        var workloadsTask = WorkloadsAsync(cancellationToken);
        var proxiesTask = query.IgnoreProxyStatus ? null : ProxiesAsync(cancellationToken);
        await Task.WhenAll(planesTask, workloadsTask, proxiesTask ?? Task.CompletedTask);

        var planes = await planesTask;
        var (workloads, unread) = await workloadsTask;
        CheckName(query.Revision, planes, workloads, unread.Count == 0);
        List<string> unknown = [.. planes.Gaps.Concat(unread)];
        IReadOnlyList<MeshProxyStatus>? proxies = null;
        if (proxiesTask is not null)
        {
            (proxies, var problems) = await proxiesTask;
            unknown.AddRange(problems);
        }
        foreach (var use in RevisionUsageRules.Of(new(planes, workloads, proxies, [.. unknown.Distinct(StringComparer.Ordinal)], kept), query.Revision)) yield return use;
    }

    // A revision that has left no trace at all is a typing error; where something is hidden that cannot be told.
    private static void CheckName(string name, ControlPlaneFacts planes, IReadOnlyList<GatheredWorkload> workloads, bool podsComplete)
    {
        var sidecars = workloads.SelectMany(static workload => workload.Sidecars).ToList();
        var catalogue = RevisionCatalogue.Of(planes.Knowledge, sidecars);
        HashSet<string> revisions = [.. catalogue.Revisions, .. planes.Istiods.Istiods.Select(static istiod => istiod.Revision), .. planes.Survey?.Revisions ?? []];
        if (revisions.Contains(name)) return;
        if (catalogue.Tags.TryGetValue(name, out var revision))
        {
            throw new InvalidRequestException("MeshRoll.RevisionIsTag", $"'{name}' is a tag that points at revision {revision}: name the revision, or see Remove-MeshRevisionTag.");
        }
        if (catalogue.Complete && planes.Istiods.Complete && podsComplete) throw NotFoundException.Revision(name, revisions, catalogue.Tags);
    }

    private async Task<(IReadOnlyList<GatheredWorkload> Workloads, IReadOnlyList<string> Unread)> WorkloadsAsync(CancellationToken cancellationToken)
    {
        var selection = new WorkloadSelection { AllNamespaces = true };
        List<GatheredWorkload> workloads = [];
        List<string> unread = [];
        await foreach (var happened in new WorkloadReading(Session, new() { Selection = selection, IncludeGateway = true }, new(selection)).ReadAsync(cancellationToken))
        {
            if (happened is ReadEvent<GatheredWorkload>.Found { Item: { Sidecars.Count: > 0 } workload }) workloads.Add(workload);
            else if (happened is ReadEvent<GatheredWorkload>.Failed failed && PodGaps.HidesPods(failed.Error)) unread.Add($"Pods of {failed.Target} could not be read ({Refusal.InWords(failed.Error)})");
        }
        return (workloads, unread);
    }

    private async Task<(IReadOnlyList<MeshProxyStatus> Proxies, IReadOnlyList<string> Problems)> ProxiesAsync(CancellationToken cancellationToken)
    {
        List<MeshProxyStatus> proxies = [];
        List<string> problems = [];
        await foreach (var happened in new ProxyStatusReader(Session).ReadAsync(new() { Selection = new() { AllNamespaces = true } }, cancellationToken))
        {
            if (happened is ReadEvent<MeshProxyStatus>.Found { Item: var proxy }) proxies.Add(proxy);
            else if (happened is ReadEvent<MeshProxyStatus>.Remark remark) problems.Add(Wording.Clause(remark.Text));
            else if (happened is ReadEvent<MeshProxyStatus>.Failed failed) problems.Add($"Pods of {failed.Target} could not be read ({Refusal.InWords(failed.Error)})");
        }
        // Where there is no proxy of Istio, nothing about proxies is hidden.
        return (proxies, proxies.Count == 0 ? [] : problems);
    }
}
