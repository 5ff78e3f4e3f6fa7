using System.Runtime.CompilerServices;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>Which control planes, and what of them.</summary>
public sealed record ControlPlaneQuery
{
    /// <summary>Revisions or tags, with wildcards; empty for all.</summary>
    public IReadOnlyList<string> Revisions { get; init; } = [];

    /// <summary>Asks every istiod how many proxies are connected to it, through the port-forward of the API server.</summary>
    public bool IncludeConnected { get; init; }
}

/// <summary>Reads the control planes of Istio.</summary>
public sealed class ControlPlaneReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>One <see cref="MeshControlPlane"/> per revision, by name. All pods are read for their number; they come once, as in any inventory.</summary>
    public async IAsyncEnumerable<ReadEvent<MeshControlPlane>> ReadAsync(ControlPlaneQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var end = new CancelAtEnd(stop);
        var reader = new ControlPlaneFactsReader(Session);
        var podsTask = reader.CountPodsAsync(stop.Token);
        var connectedTask = query.IncludeConnected ? reader.CountConnectedAsync(stop.Token) : null;
        var facts = await reader.ReadAsync(stop.Token);
        foreach (var remark in facts.Remarks) yield return new ReadEvent<MeshControlPlane>.Remark(remark);

        var (pods, problem) = await podsTask;
        if (problem.Length > 0) yield return new ReadEvent<MeshControlPlane>.Remark($"Not all pods can be read ({problem}): how many live on a revision is unknown.");
        facts = facts with { Pods = pods };
        if (connectedTask is not null)
        {
            var (connected, remarks) = await connectedTask;
            foreach (var remark in remarks) yield return new ReadEvent<MeshControlPlane>.Remark(remark);
            facts = facts with { Connected = connected };
        }

        var all = ControlPlaneRules.Describe(facts);
        if (all.Count == 0 && facts.Remarks.Count == 0 && facts.Pods is not null) yield return new ReadEvent<MeshControlPlane>.Remark("No istiod was found, and nothing that speaks of one. Revisions are Istio's alone; Get-MeshNamespace tells of Linkerd and Consul too.");
        foreach (var found in all.Where(one => IsMeant(one, query.Revisions))) yield return new ReadEvent<MeshControlPlane>.Found(found);
        foreach (var name in query.Revisions)
        {
            if (NamePattern.HasWildcards(name) || all.Any(one => IsMeant(one, [name]))) continue;
            yield return new ReadEvent<MeshControlPlane>.Failed(NotFoundException.Revision(name, all.Select(static one => one.Revision).Distinct(), TagsOf(all)), name);
        }
    }

    private static bool IsMeant(MeshControlPlane one, IReadOnlyList<string> names) =>
        names.Count == 0 || names.Select(static name => new NamePattern(name)).Any(pattern => pattern.IsMatch(one.Revision) || (one.Tags ?? []).Any(pattern.IsMatch));

    private static Dictionary<string, string> TagsOf(IEnumerable<MeshControlPlane> all)
    {
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        foreach (var one in all)
        {
            foreach (var tag in one.Tags ?? []) tags[tag] = one.Revision;
        }
        return tags;
    }
}
