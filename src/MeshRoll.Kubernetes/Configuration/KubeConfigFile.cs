namespace MeshRoll.Kubernetes.Configuration;

/// <summary>One file of a kubeconfig: its entries by name, as they stand there. What an entry says is read when it is used.</summary>
internal sealed class KubeConfigFile
{
    private KubeConfigFile(string path) => Path = path;

    public string Path { get; }

    public string? CurrentContext { get; private init; }

    public IReadOnlyList<(string Name, ConfigSection Section)> Clusters { get; private init; } = [];

    public IReadOnlyList<(string Name, ConfigSection Section)> Users { get; private init; } = [];

    public IReadOnlyList<(string Name, ConfigSection Section)> Contexts { get; private init; } = [];

    /// <summary>Reads a file that is there; null when it holds nothing.</summary>
    public static KubeConfigFile? Read(string path, ConfigurationEnvironment environment)
    {
        if (ConfigNodeReader.Read(path, ReadBytes(path, environment)) is not { } root)
            return null;

        if (root.Kind != ConfigNodeKind.Map)
            throw KubeConfigException.InvalidAt(path, root.Line, "it is not a kubeconfig: it has no fields such as 'clusters' and 'contexts'. Name the right file.");

        var section = ConfigSection.Of(path, root, "the kubeconfig");
        if (section.Text("kind") is { } kind && kind != "Config")
            throw section.Invalid("kind", "is not 'Config', so this is something else than a kubeconfig. Name the right file.");

        return new(path)
        {
            CurrentContext = section.Text("current-context"),
            Clusters = Entries(section, "clusters", "cluster"),
            Users = Entries(section, "users", "user"),
            Contexts = Entries(section, "contexts", "context"),
        };
    }

    private static List<(string, ConfigSection)> Entries(ConfigSection root, string list, string field)
    {
        var entries = new List<(string, ConfigSection)>();
        foreach (var entry in root.Sections(list))
        {
            var name = entry.Text("name") ?? throw entry.Invalid("has no 'name'. Give it one or remove it.");
            var body = entry.Node(field) ?? ConfigNode.OfMap(entry.Line);
            entries.Add((name, ConfigSection.Of(root.File, body, $"{field} '{name}'")));
        }

        return entries;
    }

    private static byte[] ReadBytes(string path, ConfigurationEnvironment environment)
    {
        try
        {
            return environment.ReadBytes(path, ConfigNodeReader.MaximumBytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw KubeConfigException.InvalidAt(path, null, $"it cannot be read ({e.Message.TrimEnd('.')}). Name a readable file.", e);
        }
    }

    public static KubeConfigException Missing(string path, Exception? inner = null) =>
        new(KubeConfigException.NotFound, $"There is no kubeconfig '{path}'. Name an existing file.", inner) { File = path };
}
