using System.CommandLine;

namespace MeshRoll.Runner.Options;

/// <summary>Which cluster, and how results are written: common to all commands.</summary>
internal sealed class ClusterOptions
{
    internal Option<string?> KubeConfig { get; } = new("--kubeconfig")
    {
        Description = "Kubeconfig file. Default: KUBECONFIG, then ~/.kube/config, then the pod's service account.",
        HelpName = "path",
    };

    internal Option<string?> Context { get; } = new("--context") { Description = "Context of the kubeconfig. Default: its current one.", HelpName = "name" };

    internal Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "How results are written to standard output.",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    internal Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Say also what is repeated and why." };

    internal void AddTo(Command command)
    {
        command.Add(KubeConfig);
        command.Add(Context);
        command.Add(Output);
        command.Add(Verbose);
    }
}

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>Columns for people.</summary>
    Table,

    /// <summary>One JSON array for machines.</summary>
    Json,
}
