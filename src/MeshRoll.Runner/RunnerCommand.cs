using System.CommandLine;
using MeshRoll.Runner.Commands;

namespace MeshRoll.Runner;

/// <summary>The command line as a whole.</summary>
internal static class RunnerCommand
{
    /// <summary>Runs one command line and returns its exit code (<see cref="ExitCode"/>).</summary>
    internal static async Task<int> RunAsync(string[] arguments, RunnerHost host, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Restart workloads after a service-mesh upgrade, so that every pod gets its new proxy and nobody notices.")
        {
            SidecarsCommand.Create(host),
            RestartCommand.Create(host),
            WaitCommand.Create(host),
            PreflightCommand.Create(host),
            PlanCommand.Create(host),
            RunCommand.Create(host),
            RunCommand.CreateResume(host),
            ReportCommand.Create(host),
            DemoCommand.Create(host),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                host.Error.WriteLine($"error: {error.Message} [MeshRoll.Usage]");
            }
            host.Error.WriteLine("'meshroll --help' and 'meshroll <command> --help' tell what there is.");
            return ExitCode.UsageOrAccess;
        }
        return await parsed.InvokeAsync(new() { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false }, cancellationToken);
    }
}
