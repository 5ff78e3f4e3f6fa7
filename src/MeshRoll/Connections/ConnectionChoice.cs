using MeshRoll.Errors;

namespace MeshRoll.Connections;

/// <summary>Which clusters a command works on: what its -Cluster, -Context and -KubeConfig say, captured.</summary>
/// <param name="Connections">The runspace's.</param>
/// <param name="Clusters">From -Cluster; empty for none.</param>
/// <param name="Context">From -Context; null for none.</param>
/// <param name="KubeConfig">From -KubeConfig, as a full path; null for the usual places.</param>
internal sealed record ConnectionChoice(RunspaceConnections Connections, IReadOnlyList<MeshCluster> Clusters, string? Context, string? KubeConfig)
{
    private bool NamesContext => Context is not null || KubeConfig is not null;

    /// <summary>The clusters for what says no cluster of its own.</summary>
    /// <exception cref="Kubernetes.MeshRollException">A connection cannot be had.</exception>
    public IReadOnlyList<MeshCluster> Resolve() => Clusters.Count > 0
        ? [.. Clusters.Select(ResolveFor).Distinct()]
        : [NamesContext ? Connections.Open(KubeConfig, Context) : Connections.Default ?? Connections.Open(null, null)];

    /// <summary>The cluster of an object that says by name where it is from, and not another one that the command was given.</summary>
    public MeshCluster ResolveFor(string clusterName) => ResolveFor(MeshCluster.Named(clusterName));

    private MeshCluster ResolveFor(MeshCluster reference)
    {
        if (reference.Session is not null) return reference;
        if (Clusters.FirstOrDefault(cluster => cluster.Session is not null && cluster.Name == reference.Name) is { } given) return given;
        if (Clusters.Any(cluster => cluster.Session is not null)) throw Mismatch(reference, string.Join(", ", Clusters));
        if (Context is null) return Connections.Find(reference, KubeConfig);

        var opened = Connections.Open(KubeConfig, Context);
        return opened.Name == reference.Name || opened.Context == reference.Context ? opened : throw Mismatch(reference, opened.Name);
    }

    private static CommandException Mismatch(MeshCluster reference, string given) => new(
        "MeshRoll.ClusterMismatch",
        $"The object is from the cluster '{reference.Name}', but the command was told to work on '{given}'. Leave the cluster out, or pipe objects of that cluster only.");
}
