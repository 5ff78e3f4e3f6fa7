using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Tests.Connections;

/// <summary>Connections that nobody answers on, and rollouts in them.</summary>
internal static class Clusters
{
    public static MeshCluster Open(string name, string context = "") =>
        new(new ClusterSession(new() { Name = name, Context = context, Server = new("https://127.0.0.1:1/"), Namespace = "home" }));

    public static MeshRollout Rollout(string name, RolloutState state = RolloutState.Progressing, string cluster = "one") =>
        new() { Cluster = cluster, Namespace = "shop", Kind = "Deployment", Name = name, State = state };
}
