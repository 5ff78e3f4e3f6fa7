using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;
using MeshRoll.Sandbox;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Runner.Commands;

/// <summary>What every command does around its own work: open the session, turn failures into one sentence and an exit code, close.</summary>
internal static class ClusterRun
{
    internal static async Task<int> RunAsync(RunnerHost host, ClusterOptions options, ParseResult parsed, Func<ClusterSession, Reporter, Task<int>> work)
    {
        var reporter = new Reporter(host.Error, parsed.GetValue(options.Verbose));
        try
        {
            await using var sandbox = parsed.GetValue(options.Sandbox) is { } scenario ? SandboxCluster.Start(new() { World = BuiltInWorlds.Find(scenario) }) : null;
            var reached = sandbox is null ? host : host with { Resolve = (_, _) => KubeConfig.Load(sandbox.KubeConfigPath).Resolve(null) };
            await using var session = reached.Open(parsed.GetValue(options.KubeConfig), parsed.GetValue(options.Context),
                retry => reporter.Verbose($"asking {retry.Uri.AbsolutePath} again in {retry.Delay.TotalSeconds:0.0} s: {retry.Reason}"));
            return await work(session, reporter);
        }
        catch (MeshRollException failure)
        {
            reporter.Error(failure);
            return ExitCode.UsageOrAccess;
        }
        catch (OperationCanceledException)
        {
            host.Error.WriteLine("interrupted: nothing further is started; what was started goes on in the cluster.");
            return ExitCode.Interrupted;
        }
    }
}
