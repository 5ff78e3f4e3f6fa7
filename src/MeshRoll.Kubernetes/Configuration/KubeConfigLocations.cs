namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// Which files make up the kubeconfig, by kubectl's rules: the one named, else the list in KUBECONFIG, else the home directory's.
/// </summary>
internal static class KubeConfigLocations
{
    public const string ListVariable = "KUBECONFIG";

    /// <summary>The file a caller named, made absolute.</summary>
    public static string Explicit(string path, ConfigurationEnvironment environment) => Absolute(path, environment);

    /// <summary>The files of KUBECONFIG in their order, each once; empty when the variable is not set.</summary>
    public static IReadOnlyList<string> FromVariable(ConfigurationEnvironment environment)
    {
        if (environment.NonEmpty(ListVariable) is not { } list)
            return [];

        var files = new List<string>();
        foreach (var entry in list.Split(environment.IsWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries))
        {
            var file = Absolute(entry, environment);
            if (!files.Contains(file))
                files.Add(file);
        }

        return files;
    }

    /// <summary>Where the home directory's kubeconfig may be, best first. On Windows several directories count as home.</summary>
    public static IReadOnlyList<string> InHome(ConfigurationEnvironment environment)
    {
        if (!environment.IsWindows)
            return environment.NonEmpty("HOME") is { } home ? [$"{home.TrimEnd('/')}/.kube/config"] : [];

        var drive = environment.NonEmpty("HOMEDRIVE");
        var path = environment.NonEmpty("HOMEPATH");
        string?[] homes = [environment.NonEmpty("HOME"), drive is null || path is null ? null : drive + path, environment.NonEmpty("USERPROFILE")];
        return [.. homes.OfType<string>().Select(home => $@"{home.TrimEnd('\\')}\.kube\config")];
    }

    private static string Absolute(string path, ConfigurationEnvironment environment)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new KubeConfigException(KubeConfigException.NotFound, "The kubeconfig's path holds a character no path can hold. Name an existing file.");

        return Path.GetFullPath(Path.Combine(environment.CurrentDirectory(), path));
    }
}
