using MeshRoll.Sandbox;

namespace MeshRoll.Sandboxes;

/// <summary>A small Kubernetes with a mesh in it that runs inside of this process.</summary>
public sealed class MeshSandbox
{
    internal MeshSandbox(SandboxCluster cluster)
    {
        Live = cluster;
        Name = cluster.Name;
        Server = cluster.Server.AbsoluteUri;
        Port = cluster.Port;
        KubeConfigPath = cluster.KubeConfigPath;
        Scenario = cluster.Scenario;
        StartTime = cluster.StartTime;
    }

    private MeshSandbox(string name, string kubeConfigPath)
    {
        Name = name;
        KubeConfigPath = kubeConfigPath;
    }

    /// <summary>The name it is called by, and that of its context in the kubeconfig.</summary>
    public string Name { get; }

    /// <summary>The API server's address, on loopback.</summary>
    public string Server { get; } = "";

    /// <summary>The API server's port.</summary>
    public int Port { get; }

    /// <summary>A kubeconfig for it: any client can use it, kubectl as well. Gone with the sandbox.</summary>
    public string KubeConfigPath { get; }

    /// <summary>What it started with: the name of a built-in world, of a file, or of a hashtable.</summary>
    public string Scenario { get; } = "";

    /// <summary>When it was started, by its own clock, in UTC.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>What runs; null once it was removed, and for one that is known by name only: what is left after a job or remoting.</summary>
    internal SandboxCluster? Live { get; private set; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>A sandbox known by name, and by its kubeconfig where there is one.</summary>
    internal static MeshSandbox Named(string name, string kubeConfigPath = "") => new(name, kubeConfigPath);

    /// <summary>Ends it: port and files are gone then. Once more does nothing.</summary>
    internal ValueTask EndAsync()
    {
        var live = Live;
        Live = null;
        return live?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
