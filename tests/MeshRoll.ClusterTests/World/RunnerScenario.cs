using MeshRoll.Runner;

namespace MeshRoll.ClusterTests.World;

/// <summary>Scenarios that are told to the Runner as command lines.</summary>
public abstract class RunnerScenario(ClusterWorld world) : Scenario(world)
{
    /// <summary>Runs one command line, against the world's cluster unless it names another; gives what a shell would see.</summary>
    protected async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new RunnerHost { Out = output, Error = error };
        if (!arguments.Contains("--kubeconfig")) arguments = [.. arguments, "--kubeconfig", World.KubeConfigPath];
        return (await RunnerCommand.RunAsync(arguments, host, Cancelled), output.ToString(), error.ToString());
    }
}
