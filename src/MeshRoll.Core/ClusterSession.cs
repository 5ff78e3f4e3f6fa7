using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Transport;
using MeshRoll.Kubernetes.Watching;

namespace MeshRoll.Core;

/// <summary>One cluster as one user, with the client and the shared caches that everything in this process uses for it.</summary>
public sealed class ClusterSession : IAsyncDisposable
{
    /// <summary>A session for <paramref name="connection"/>. Opens nothing yet.</summary>
    public ClusterSession(ClusterConnection connection, TransportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        TimeProvider = options?.TimeProvider ?? TimeProvider.System;
        Client = new(connection, options);
        Caches = new(Client, TimeProvider);
    }

    /// <summary>The cluster's name, put on every output object as Cluster.</summary>
    public string Name => Client.Connection.Name;

    /// <summary>The API of the cluster.</summary>
    public ClusterClient Client { get; }

    /// <summary>One list and watch per resource and scope, for whoever follows something.</summary>
    public SharedCaches Caches { get; }

    /// <summary>Rollouts that runs of this process carry out by themselves.</summary>
    internal DrivenRollouts Driven { get; } = new();

    /// <summary>The runs of this process, and what is known of others of this machine.</summary>
    internal RunsOfThisMachine Runs { get; init; } = RunsOfThisMachine.Instance;

    /// <summary>The clock behind every wait.</summary>
    public TimeProvider TimeProvider { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Caches.DisposeAsync();
        await Client.DisposeAsync();
    }
}
