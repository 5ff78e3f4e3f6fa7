using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Configuration;

/// <summary>The credential plugin of a kubeconfig's user.</summary>
internal static class ExecEntry
{
    public static ExecCredential Read(ConfigSection plugin, ClusterEntry cluster, ConfigurationEnvironment environment)
    {
        var apiVersion = plugin.Text("apiVersion") ?? throw plugin.Invalid($"has no 'apiVersion'. Set it to {ExecCredentialFormat.V1}.");
        if (apiVersion is not (ExecCredentialFormat.V1 or ExecCredentialFormat.V1Beta1))
            throw plugin.Invalid("apiVersion", $"is neither {ExecCredentialFormat.V1} nor {ExecCredentialFormat.V1Beta1}. Update the plugin and its entry.");

        var command = plugin.Text("command") ?? throw plugin.Invalid("has no 'command'. Name the plugin's program.");
        return new(new()
        {
            ApiVersion = apiVersion,
            Command = command,
            Directory = plugin.Directory,
            Arguments = plugin.Texts("args"),
            Variables = ReadVariables(plugin),
            InstallHint = plugin.Text("installHint"),
            Terminal = ReadTerminal(plugin),
            Cluster = plugin.Flag("provideClusterInfo") ? cluster : null,
        }, environment);
    }

    private static List<KeyValuePair<string, string>> ReadVariables(ConfigSection plugin)
    {
        var variables = new List<KeyValuePair<string, string>>();
        foreach (var entry in plugin.Sections("env"))
        {
            var name = entry.Text("name") ?? throw entry.Invalid("has no 'name'.");
            if (name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
                throw entry.Invalid("name", "holds a character the name of an environment variable cannot hold.");

            variables.Add(new(name, entry.Text("value") ?? ""));
        }

        return variables;
    }

    // v1 demands the field, v1beta1 takes IfAvailable when it is absent. To us, who never give a terminal, absent means the same in both.
    private static ExecTerminal ReadTerminal(ConfigSection plugin) => plugin.Text("interactiveMode") switch
    {
        null or "IfAvailable" => ExecTerminal.IfAvailable,
        "Never" => ExecTerminal.Never,
        "Always" => ExecTerminal.Always,
        _ => throw plugin.Invalid("interactiveMode", "must be Never, IfAvailable or Always."),
    };
}
