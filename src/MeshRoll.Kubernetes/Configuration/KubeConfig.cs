namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// The clusters, users and contexts a person has, merged from one or more kubeconfig files by kubectl's rules; or, where there is no file,
/// the pod's own service account. Reading it opens no connection and runs no credential plugin.
/// </summary>
public sealed class KubeConfig
{
    private readonly ConfigurationEnvironment _environment;
    private readonly Dictionary<string, ConfigSection> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigSection> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigSection> _contexts = new(StringComparer.Ordinal);
    private readonly List<string> _contextNames = [];

    private KubeConfig(IReadOnlyList<KubeConfigFile> files, ConfigurationEnvironment environment)
    {
        _environment = environment;
        Files = [.. files.Select(file => file.Path)];
        foreach (var file in files)
        {
            CurrentContext ??= file.CurrentContext;
            Merge(_clusters, file.Clusters);
            Merge(_users, file.Users);
            Merge(_contexts, file.Contexts, _contextNames);
        }
    }

    /// <summary>The files read, in the order of their precedence; empty for a pod's service account.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The names of all contexts, in the files' order; empty for a pod's service account.</summary>
    public IReadOnlyList<string> ContextNames => _contextNames;

    /// <summary>The context used when none is named, or null.</summary>
    public string? CurrentContext { get; }

    /// <summary>Whether there is no file and <see cref="Resolve"/> gives the pod's service account.</summary>
    public bool IsInCluster => Files.Count == 0;

    /// <summary>
    /// Reads the kubeconfig. With <paramref name="path"/> that file alone; else the files listed in KUBECONFIG, of which the first to define
    /// an entry wins and missing ones are skipped; else <c>.kube/config</c> in the home directory; else the pod's service account.
    /// </summary>
    /// <param name="path">A file, relative to the current directory; null for the rules above.</param>
    /// <param name="environment">Replaces the process' environment, for tests.</param>
    /// <exception cref="KubeConfigException"><c>MeshRoll.KubeConfigNotFound</c> or <c>MeshRoll.KubeConfigInvalid</c>.</exception>
    public static KubeConfig Load(string? path = null, ConfigurationEnvironment? environment = null)
    {
        environment ??= ConfigurationEnvironment.Process;
        if (path is not null)
            return LoadExplicit(KubeConfigLocations.Explicit(path, environment), environment);

        var listed = KubeConfigLocations.FromVariable(environment);
        var candidates = listed.Count > 0 ? listed : KubeConfigLocations.InHome(environment);
        var present = candidates.Where(environment.FileExists).ToList();

        // Of several home directories the first with a file is home; of a list all files count.
        if (listed.Count == 0 && present.Count > 1)
            present.RemoveRange(1, present.Count - 1);

        var files = present.Select(file => KubeConfigFile.Read(file, environment)).OfType<KubeConfigFile>().ToList();
        if (files.Count > 0 || InClusterConfiguration.IsAvailable(environment))
            return new(files, environment);

        throw present.Count > 0 ? Empty(present[0]) : Nowhere(candidates, listed.Count > 0);
    }

    /// <summary>
    /// The names of all contexts, for completion: reads what <see cref="Load"/> reads, asks no server, and gives what can be had instead of failing.
    /// </summary>
    public static IReadOnlyList<string> ReadContextNames(string? path = null, ConfigurationEnvironment? environment = null)
    {
        try
        {
            return Load(path, environment).ContextNames;
        }
        catch (Exception e) when (e is MeshRollException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return [];
        }
    }

    /// <summary>What is needed to talk to the cluster of a context as its user.</summary>
    /// <param name="context">A context's name; null for the current one.</param>
    /// <exception cref="KubeConfigException">
    /// <c>MeshRoll.ContextNotFound</c>, <c>MeshRoll.ContextIncomplete</c> when its cluster or user is not there, <c>MeshRoll.KubeConfigInvalid</c>.
    /// </exception>
    public ClusterConnection Resolve(string? context = null)
    {
        if (IsInCluster)
            return string.IsNullOrEmpty(context) ? InClusterConfiguration.Resolve(_environment) : throw NoContexts(context);

        var name = string.IsNullOrEmpty(context) ? CurrentContext : context;
        if (name is null)
            throw new KubeConfigException(KubeConfigException.ContextNotFound, $"The kubeconfig sets no current-context. Name a context: {Known()}.");

        if (!_contexts.TryGetValue(name, out var section))
            throw new KubeConfigException(KubeConfigException.ContextNotFound, $"There is no context '{name}' in {FileNames()}. {(_contextNames.Count == 0 ? "It has no contexts at all." : $"There are: {Known()}.")}");

        var clusterName = section.Text("cluster") ?? throw Incomplete(section, $"context '{name}' names no cluster. Add 'cluster' to it.");
        var cluster = Lookup(_clusters, clusterName, section, "cluster", name);
        var userName = section.Text("user");
        var user = userName is null ? null : Lookup(_users, userName, section, "user", name);
        var server = ClusterEntry.Read(cluster, _environment);
        return new()
        {
            Name = name,
            Context = name,
            Server = server.Server,
            Tls = server.Tls,
            Proxy = server.Proxy,
            User = userName ?? "",
            Namespace = section.Text("namespace") ?? "default",
            Credential = user is null ? null : UserEntry.ReadCredential(user, server, _environment),
            Impersonation = user is null ? null : UserEntry.ReadImpersonation(user),
        };
    }

    private static KubeConfig LoadExplicit(string path, ConfigurationEnvironment environment)
    {
        if (!environment.FileExists(path) && !Directory.Exists(path))
            throw KubeConfigFile.Missing(path);

        return new([KubeConfigFile.Read(path, environment) ?? throw Empty(path)], environment);
    }

    private static void Merge(Dictionary<string, ConfigSection> known, IReadOnlyList<(string Name, ConfigSection Section)> entries, List<string>? order = null)
    {
        foreach (var (name, section) in entries)
        {
            if (known.TryAdd(name, section))
                order?.Add(name);
        }
    }

    private static ConfigSection Lookup(Dictionary<string, ConfigSection> entries, string wanted, ConfigSection context, string kind, string contextName) =>
        entries.TryGetValue(wanted, out var entry)
            ? entry
            : throw Incomplete(context, $"context '{contextName}' names the {kind} '{wanted}', which is not there. Add it, or correct the context.");

    private static KubeConfigException Incomplete(ConfigSection context, string problem) =>
        new(KubeConfigException.ContextIncomplete, $"The kubeconfig '{context.File}', line {context.Line}: {problem}") { File = context.File, Line = context.Line };

    private static KubeConfigException Empty(string path) =>
        KubeConfigException.InvalidAt(path, null, "it is empty. Write it anew or name another.");

    private static KubeConfigException Nowhere(IReadOnlyList<string> tried, bool listed) => new(
        KubeConfigException.NotFound,
        tried.Count == 0
            ? "There is no kubeconfig: neither KUBECONFIG nor a home directory is set. Name a file or set KUBECONFIG."
            : listed
                ? $"None of the kubeconfig files in KUBECONFIG exists: {string.Join(", ", tried)}. Name a file or correct KUBECONFIG."
                : $"There is no kubeconfig at {string.Join(" or ", tried)}, and KUBECONFIG is not set. Name a file or set KUBECONFIG.");

    private static KubeConfigException NoContexts(string context) => new(
        KubeConfigException.ContextNotFound,
        $"There is no context '{context}': without a kubeconfig the pod's service account is used, which has no contexts. Name no context, or a kubeconfig.");

    private string Known() => _contextNames.Count == 0 ? "it has none" : string.Join(", ", _contextNames);

    private string FileNames() => string.Join(", ", Files.Select(file => $"'{file}'"));
}
