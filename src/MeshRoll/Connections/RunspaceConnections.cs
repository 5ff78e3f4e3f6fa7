using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using MeshRoll.Core;
using MeshRoll.Errors;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Sandboxes;

namespace MeshRoll.Connections;

/// <summary>
/// The connections of one runspace: those made by Connect-MeshCluster, the last of which is the default, and those that commands opened by
/// themselves. Used on the pipeline thread; closed when asked, when the module is removed, and when the runspace is closed.
/// </summary>
internal sealed class RunspaceConnections
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceConnections> s_all = [];

    private readonly object _lock = new();
    private readonly List<MeshCluster> _connected = [];
    private readonly Dictionary<SilentKey, MeshCluster> _silent = [];

    /// <summary>Those of the runspace this thread belongs to.</summary>
    public static RunspaceConnections Current => s_all.GetValue(Runspace.DefaultRunspace, Attach);

    /// <summary>All open connections, the default first.</summary>
    public IReadOnlyList<MeshCluster> All
    {
        get
        {
            lock (_lock) return [.. _connected.AsEnumerable().Reverse(), .. _silent.Values];
        }
    }

    /// <summary>What commands use that name no cluster; null when none was connected explicitly.</summary>
    public MeshCluster? Default
    {
        get
        {
            lock (_lock) return _connected.Count == 0 ? null : _connected[^1];
        }
    }

    /// <summary>Makes a connection the default. One of the same name is closed.</summary>
    public void Add(MeshCluster cluster)
    {
        List<MeshCluster> replaced;
        lock (_lock)
        {
            replaced = _connected.FindAll(known => known.Name == cluster.Name);
            _connected.RemoveAll(replaced.Contains);
            _connected.Add(cluster);
        }
        Close(replaced);
    }

    /// <summary>Closes connections and forgets them. What still uses them fails.</summary>
    public void Remove(IReadOnlyCollection<MeshCluster> clusters)
    {
        lock (_lock)
        {
            _connected.RemoveAll(clusters.Contains);
            foreach (var (key, cluster) in _silent.ToArray())
                if (clusters.Contains(cluster)) _silent.Remove(key);
        }
        Close(clusters);
    }

    /// <summary>The connections to the API server of a sandbox.</summary>
    public IReadOnlyList<MeshCluster> To(MeshSandbox sandbox) => [.. All.Where(cluster => cluster.Server == sandbox.Server)];

    /// <summary>
    /// The connection to a context of a kubeconfig, opened without a word. It is kept as long as the files stay as they are, so that a new
    /// current context or a new token counts at once.
    /// </summary>
    /// <param name="kubeConfig">A full path; null for the usual places.</param>
    /// <param name="context">Null for the current one.</param>
    /// <exception cref="KubeConfigException">The kubeconfig or the context cannot be used.</exception>
    public MeshCluster Open(string? kubeConfig, string? context)
    {
        var configuration = KubeConfig.Load(kubeConfig);
        var key = new SilentKey(StampOf(configuration), context ?? configuration.CurrentContext ?? "");
        lock (_lock)
        {
            if (_silent.TryGetValue(key, out var known)) return known;
        }

        var opened = new MeshCluster(new ClusterSession(configuration.Resolve(context), SessionOptions.Create()));
        lock (_lock) _silent[key] = opened;
        return opened;
    }

    /// <summary>
    /// The connection that <paramref name="reference"/> names: by its name, by its context, or a context of that name in the kubeconfig.
    /// </summary>
    /// <exception cref="CommandException"><c>MeshRoll.ClusterNotConnected</c>.</exception>
    public MeshCluster Find(MeshCluster reference, string? kubeConfig)
    {
        if (reference.Session is not null) return reference;

        var open = All;
        var found = open.FirstOrDefault(cluster => cluster.Name == reference.Name)
            ?? open.FirstOrDefault(cluster => cluster.Context.Length > 0 && (cluster.Context == reference.Context || cluster.Context == reference.Name));
        return found ?? OpenNamed(reference, kubeConfig);
    }

    private static RunspaceConnections Attach(Runspace runspace)
    {
        var connections = new RunspaceConnections();
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken) connections.Remove(connections.All);
        };
        return connections;
    }

    private static string StampOf(KubeConfig configuration) =>
        string.Join('|', configuration.Files.Select(file => $"{file}@{File.GetLastWriteTimeUtc(file).Ticks}"));

    private static void Close(IEnumerable<MeshCluster> clusters)
    {
        foreach (var cluster in clusters) cluster.Close();
    }

    private MeshCluster OpenNamed(MeshCluster reference, string? kubeConfig)
    {
        var names = KubeConfig.ReadContextNames(kubeConfig);
        var context = new[] { reference.Context, reference.Name }.FirstOrDefault(name => name.Length > 0 && names.Contains(name));
        return context is not null ? Open(kubeConfig, context) : throw new CommandException(
            "MeshRoll.ClusterNotConnected",
            $"There is no connection named '{reference.Name}' in this session and no context of that name. Connect it with: Connect-MeshCluster -Context <context> -Name '{reference.Name}'.");
    }

    private sealed record SilentKey(string Stamp, string Context);
}
