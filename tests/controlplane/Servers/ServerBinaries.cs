namespace MeshRoll.TestControlPlane.Servers;

/// <summary>Where install.sh put the programs.</summary>
internal sealed record ServerBinaries(string Directory)
{
    private const string Override = "MESHROLL_CONTROLPLANE_BIN";

    private static readonly string[] Required = ["etcd", "etcdctl", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];

    public string PathOf(string program) => Path.Combine(Directory, program);

    /// <summary>Looks where install.sh publishes; the rule for the cache directory is the same in both places.</summary>
    public static bool TryFind(out string directory, out string reason)
    {
        directory = CandidateDirectory();
        var searched = directory;
        var missing = Required.Where(program => !File.Exists(Path.Combine(searched, program))).ToArray();
        reason = missing.Length == 0
            ? string.Empty
            : $"The control plane's programs are not in {directory} (missing: {string.Join(", ", missing)}). "
                + $"Run tests/controlplane/install.sh, or set {Override} to a directory that has them.";
        return missing.Length == 0;
    }

    private static string CandidateDirectory()
    {
        var configured = Environment.GetEnvironmentVariable(Override);
        if (!string.IsNullOrEmpty(configured))
        {
            return configured;
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
        {
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return Path.Combine(cache, "meshroll", "controlplane", "current", "bin");
    }
}
