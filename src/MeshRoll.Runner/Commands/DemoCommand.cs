using System.CommandLine;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Runner.Demo;
using MeshRoll.Runner.Output;
using MeshRoll.Sandbox;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll demo</c>: the main job from first to last on a sandbox, with the same commands that an administrator types.</summary>
internal sealed class DemoCommand
{
    private const double FastTime = 10;

    private readonly RunnerHost _host;
    private readonly SandboxCluster _sandbox;

    private DemoCommand(RunnerHost host, SandboxCluster sandbox)
    {
        _sandbox = sandbox;
        _host = host with { Resolve = (_, _) => KubeConfig.Load(sandbox.KubeConfigPath).Resolve(null) };
    }

    internal static Command Create(RunnerHost host)
    {
        var fast = new Option<bool>("--fast") { Description = "Let time in the sandbox pass ten times as fast." };
        var command = new Command("demo", "Show the main job from first to last, on a small cluster inside of this process.") { fast };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                await using var sandbox = SandboxCluster.Start(new() { Name = "demo", World = BuiltInWorlds.Find("Shop"), TimeScale = parsed.GetValue(fast) ? FastTime : 1 });
                return await new DemoCommand(host, sandbox).RunAsync(cancellationToken);
            }
            catch (MeshRollException failure)
            {
                new Reporter(host.Error, verbose: false).Error(failure);
                return ExitCode.UsageOrAccess;
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Interrupted;
            }
        });
        return command;
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Say("A small Kubernetes runs inside of this process: a shop whose mesh was upgraded from 1.26.4 to 1.27.1. Most pods still have the old sidecar:");
        if (await TypeAsync(["sidecars", "--all-namespaces", "--outdated"], cancellationToken) is not ExitCode.Done and var unread) return unread;

        await using var session = _host.Open(null, null, null);
        var workloads = await WatchedWorkload.ReadAsync(session, cancellationToken);
        _sandbox.ClearTimeline();
        var started = _host.TimeProvider.GetTimestamp();

        Say("Restart exactly those workloads, a few at a time, and follow each to its end. What cannot be restarted in place is named:");
        var code = await TypeAsync(["restart", "--all-namespaces", "--max-concurrent", "6"], cancellationToken);
        if (code is not (ExitCode.Done or ExitCode.WorkloadFailed)) return code;

        var took = _host.TimeProvider.GetElapsedTime(started);
        Say("What is outdated still? Only what needs a hand:");
        if (await TypeAsync(["sidecars", "--all-namespaces", "--outdated"], cancellationToken) is not ExitCode.Done and var unreadAfter) return unreadAfter;

        Say("And what did the shop's customers see? The sandbox watched every pod:");
        var summary = new DemoSummary(workloads, await WatchedWorkload.ReadAsync(session, cancellationToken), _sandbox.Timeline());
        summary.Write(_host.Out, took);
        return summary.AllWell ? ExitCode.Done : ExitCode.WorkloadFailed;
    }

    private Task<int> TypeAsync(string[] arguments, CancellationToken cancellationToken)
    {
        _host.Out.WriteLine($"$ meshroll {string.Join(' ', arguments)}");
        return RunnerCommand.RunAsync(arguments, _host, cancellationToken);
    }

    private void Say(string text)
    {
        _host.Out.WriteLine();
        _host.Out.WriteLine(text);
    }
}
