using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll wait</c>: follows rollouts that somebody started, until the last one has ended.</summary>
internal static class WaitCommand
{
    internal static Command Create(RunnerHost host)
    {
        var cluster = new ClusterOptions();
        var selection = new SelectionOptions();
        var timeout = DurationOption.Create("--timeout", "Time allowed to all together. Default: no limit.");
        var poll = DurationOption.Create("--poll-interval", "Ask at this interval instead of watching.");
        var patient = new Option<bool>("--no-fail-fast-diagnosis") { Description = "Wait out the time allowed even when a rollout cannot come back by itself." };

        var report = new ReportOptions();
        var command = new Command("wait", "Follow the rollouts of workloads until the last one has ended.");
        selection.AddTo(command);
        command.Add(timeout);
        command.Add(poll);
        command.Add(patient);
        report.AddTo(command);
        cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ClusterRun.RunAsync(host, cluster, parsed, async (session, reporter) =>
        {
            report.Check(parsed);
            var options = new FollowOptions { TimeoutAll = parsed.GetValue(timeout), PollInterval = parsed.GetValue(poll), FailOnFatalFinding = !parsed.GetValue(patient) };
            if (await FollowAsync(host, session, reporter, selection.Query(parsed, outdatedOnly: false), options, cancellationToken) is not { } ended) return ExitCode.UsageOrAccess;
            RolloutResults.Write(host.Out, parsed.GetValue(cluster.Output), ended);
            report.Write(parsed, ended, host.TimeProvider.GetUtcNow());
            return RolloutResults.ExitCodeOf(ended);
        }));
        return command;
    }

    /// <summary>The rollouts as they ended; null when what to follow could not be read.</summary>
    private static async Task<List<MeshRollout>?> FollowAsync(
        RunnerHost host, ClusterSession session, Reporter reporter, Core.Sidecars.SidecarQuery query, FollowOptions options, CancellationToken cancellationToken)
    {
        await using var follower = new RolloutFollower(session, options);
        var progress = new ProgressView(host);
        var total = 0;
        await foreach (var item in new RolloutReader(session).ReadAsync(query.Selection, cancellationToken))
        {
            switch (item)
            {
                case ReadEvent<MeshRollout>.Failed failed: reporter.Error(failed.Error); break;
                case ReadEvent<MeshRollout>.Remark remark: reporter.Remark(remark.Text); break;
                case ReadEvent<MeshRollout>.Found found:
                    progress.Expect(++total);
                    progress.Started(found.Item);
                    follower.Add(found.Item);
                    break;
            }
        }
        if (reporter.AnyError) return null;

        follower.Complete();
        var ended = new List<MeshRollout>();
        await foreach (var step in follower.Events(cancellationToken))
        {
            switch (step)
            {
                case RolloutEvent.Changed changed: progress.Changed(changed.Rollout); break;
                case RolloutEvent.Ended { Rollout: var rollout }: progress.Ended(rollout); ended.Add(rollout); break;
                case RolloutEvent.Remark { Text: var text }: progress.Clear(); reporter.Remark(text); break;
            }
        }
        progress.Clear();
        return ended;
    }
}
