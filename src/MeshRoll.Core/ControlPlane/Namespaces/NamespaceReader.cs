using System.Runtime.CompilerServices;
using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Namespaces;

/// <summary>Reads namespaces as a mesh sees them.</summary>
public sealed class NamespaceReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshNamespace"/> per namespace, by name, when all pods were read. Where namespaces may not be listed, those that pods are found in.
    /// </summary>
    public async IAsyncEnumerable<ReadEvent<MeshNamespace>> ReadAsync(NamespaceQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var inMeshOnly = !query.AllNamespaces && query.Namespaces.Count == 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var end = new CancelAtEnd(stop);
        var selection = new WorkloadSelection { Namespaces = query.Namespaces, AllNamespaces = query.AllNamespaces || inMeshOnly };
        var scopeTask = NamespaceScope.ResolveAsync(Session, selection, stop.Token);
        var knowledgeTask = MeshKnowledgeReader.ReadAsync(Session, new(), SidecarReading.FactsAsync(scopeTask), stop.Token);
        var istiodsTask = IstiodListing.ReadAsync(Session, () => PlacesAsync(knowledgeTask), stop.Token);
        var scope = await scopeTask;
        foreach (var (target, error) in scope.Failures) yield return new ReadEvent<MeshNamespace>.Failed(error, target);
        foreach (var remark in scope.Remarks) yield return new ReadEvent<MeshNamespace>.Remark(remark);

        await using var pods = new ScopedListing<Pod>(Session, Resources.Pods, scope, PodQuery.Of(null), stop.Token);
        var knowledge = await knowledgeTask;
        var missing = (await scope.Facts).Missing;
        foreach (var name in missing)
        {
            yield return new ReadEvent<MeshNamespace>.Failed(await NamespaceScope.DescribeMissingAsync(Session, name, knowledge.Namespaces, stop.Token), name);
        }

        SortedDictionary<string, NamespaceTally> tallies = new(StringComparer.Ordinal);
        HashSet<string> unread = new(StringComparer.Ordinal);
        foreach (var name in scope.All ? knowledge.Namespaces.Known.Keys : scope.Names)
        {
            if (!missing.Contains(name)) tallies[name] = new();
        }
        await foreach (var happened in pods.ReadAsync(stop.Token))
        {
            if (happened is ReadEvent<Pod>.Found { Item: var pod }) Count(pod, knowledge, query, tallies);
            else if (happened is ReadEvent<Pod>.Failed failed && !missing.Contains(failed.Target))
            {
                unread.Add(failed.Target);
                yield return new ReadEvent<MeshNamespace>.Failed(failed.Error, failed.Target);
            }
        }

        var istiods = await istiodsTask;
        foreach (var remark in knowledge.Remarks) yield return new ReadEvent<MeshNamespace>.Remark(remark);
        if (!istiods.Complete) yield return new ReadEvent<MeshNamespace>.Remark($"Deployments of istiod cannot be read ({istiods.Problem}): a revision without istiod is not seen.");
        foreach (var (name, tally) in tallies)
        {
            var isRead = !unread.Contains(name) && !(scope.All && unread.Count > 0);
            var described = NamespaceRules.Describe(Session.Name, name, knowledge, istiods, isRead ? tally : null);
            if (!inMeshOnly || NamespaceRules.TakesPart(described)) yield return new ReadEvent<MeshNamespace>.Found(described);
        }
    }

    /// <summary>The namespaces that istiods are in, by what the webhooks name.</summary>
    internal static async Task<IReadOnlyCollection<string>> PlacesAsync(Task<MeshKnowledge> knowledge)
    {
        HashSet<string> places = ["istio-system"];
        foreach (var revision in (await knowledge).Tags.Revisions)
        {
            if (revision.IstiodNamespace.Length > 0) places.Add(revision.IstiodNamespace);
        }
        return places;
    }

    private void Count(Pod pod, MeshKnowledge knowledge, NamespaceQuery query, SortedDictionary<string, NamespaceTally> tallies)
    {
        if (!PodQuery.IsLive(pod)) return;
        var proxies = SidecarContainers.Find(pod.Spec);
        if (proxies.Count == 0) return;
        // Whose pod it is does not matter here.
        var owner = new WorkloadReference(pod.Metadata.Namespace, "Pod", pod.Metadata.Name);
        if (knowledge.Describe(pod, owner, Session.Name, null, proxies) is not { } sidecar || (sidecar.Gateway && !query.IncludeGateway)) return;
        if (!tallies.TryGetValue(pod.Metadata.Namespace, out var tally)) tallies[pod.Metadata.Namespace] = tally = new();
        tally.Add(sidecar);
    }
}
