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

    internal Option<string?> Sandbox { get; } = new("--sandbox")
    {
        Description = "Try the command on a sandbox that lives as long as it does: Shop, Minimal, Empty, Large, or the path of a scenario file.",
        HelpName = "scenario",
    };

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
        command.Add(Sandbox);
        command.Add(Output);
        command.Add(Verbose);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Sandbox) is not null && (result.GetValue(KubeConfig) ?? result.GetValue(Context)) is not null)
                result.AddError("--sandbox is a cluster of its own: leave --kubeconfig and --context out.");
        });
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
