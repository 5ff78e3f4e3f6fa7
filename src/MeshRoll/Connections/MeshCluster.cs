using MeshRoll.Core;

namespace MeshRoll.Connections;

/// <summary>A cluster one is connected to, as one user.</summary>
public sealed class MeshCluster
{
    internal MeshCluster(ClusterSession session, string? version = null)
    {
        var connection = session.Client.Connection;
        Session = session;
        Name = connection.Name;
        Context = connection.Context;
        Server = connection.Server.AbsoluteUri;
        Version = version;
        User = connection.Impersonation?.User ?? connection.User;
        Namespace = connection.Namespace;
    }

    private MeshCluster(string name, string context)
    {
        Name = name;
        Context = context;
    }

    /// <summary>The name put on every object as Cluster: the context's, or one chosen when connecting.</summary>
    public string Name { get; }

    /// <summary>The kubeconfig's context; empty for a pod's service account.</summary>
    public string Context { get; }

    /// <summary>The API server's address.</summary>
    public string Server { get; } = "";

    /// <summary>The server's version, such as <c>v1.33.1</c>; null where nobody asked for it: a connection that a command opened by itself.</summary>
    public string? Version { get; }

    /// <summary>The kubeconfig's user, or the one acted as.</summary>
    public string User { get; } = "";

    /// <summary>The namespace used when a command names none.</summary>
    public string Namespace { get; } = "";

    /// <summary>The connection; null for one that was closed, or that only names it: what is left after a job or remoting, or a name from a file.</summary>
    internal ClusterSession? Session { get; private set; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Closes the connection. Nobody waits for the farewell: streams are being cut, and the process may be ending.</summary>
    internal void Close()
    {
        var session = Session;
        Session = null;
        _ = session?.DisposeAsync().AsTask();
    }

    /// <summary>Begins the connection anew: nothing that was seen through it is taken for true any more.</summary>
    internal void Renew()
    {
        if (Session is not { } session) return;

        Session = new(session.Client.Connection, SessionOptions.Create());
        _ = session.DisposeAsync().AsTask();
    }

    /// <summary>A cluster known by name alone.</summary>
    internal static MeshCluster Named(string name, string context = "") => new(name, context);
}
