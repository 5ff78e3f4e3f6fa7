using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll restart</c>: restarts workloads with outdated sidecars, paced, and follows each to its end.</summary>
internal sealed class RestartCommand
{
    private readonly RunnerHost _host;
    private readonly ClusterOptions _cluster = new();
    private readonly SelectionOptions _selection = new();
    private readonly Option<int> _maxConcurrent = DurationOption.Count("--max-concurrent", "Workloads moving at a time; 0 for no limit.", 5);
    private readonly Option<int> _stopAfterFailures = DurationOption.Count("--stop-after-failures", "Workloads that may fail before nothing further is started; 0 for never stopping.", 1);
    private readonly Option<TimeSpan?> _delay = DurationOption.Create("--delay", "Pause after each workload.");
    private readonly Option<TimeSpan?> _timeout = DurationOption.Create("--timeout", "Time allowed to each workload. Default: an estimate with a generous margin, at least 10 min.");
    private readonly Option<bool> _noFailFastDiagnosis = new("--no-fail-fast-diagnosis") { Description = "Let a workload have all of its time though it cannot come back by itself." };
    private readonly Option<bool> _force = new("--force") { Description = "Restart also what is up to date." };
    private readonly Option<RestartStrategy> _strategy = new("--strategy") { Description = "How pods are replaced: rolling, surge, evict, or auto for what fits each workload.", DefaultValueFactory = _ => RestartStrategy.Rolling };
    private readonly Option<TimeSpan?> _podDelay = DurationOption.Create("--pod-delay", "surge, evict: pause after a replacement is ready before the next pod goes.");
    private readonly Option<int> _surgeCount = DurationOption.Count("--surge-count", "surge: pods added.", 1);
    private readonly Option<int> _maxUnavailable = DurationOption.Count("--max-unavailable", "evict: pods of a workload that may be missing at a time.", 1);
    private readonly Option<bool> _allowDowntime = new("--allow-downtime") { Description = "evict, auto: the last ready pod of a workload may go before its replacement is ready." };
    private readonly Option<bool> _ignoreAutoscaler = new("--ignore-autoscaler") { Description = "surge: though an autoscaler sets the count." };
    private readonly Option<string[]> _exclude = ListOption.Create("--exclude", "Workloads to leave alone, written as --name takes them.", "name");
    private readonly Option<int> _maxPodsInTransition = DurationOption.Count("--max-pods-in-transition", "Pods coming up or going down at a time, over all workloads; 0 for no limit.", 0);
    private readonly Option<int?> _maxNotReadyNodes = DurationOption.OptionalCount("--max-not-ready-nodes", "Nodes that may become NotReady before the walk is held back. Default: a twentieth of all.");
    private readonly Option<int> _maxPendingPods = DurationOption.Count("--max-pending-pods", "Pods that may find no node, beyond those at the start, before the walk is held back.", 10);
    private readonly Option<bool> _ignoreClusterHealth = new("--ignore-cluster-health") { Description = "Go on whatever nodes, pending pods and the API server's answers say." };
    private readonly Option<TimeSpan?> _holdTimeout = DurationOption.Create("--hold-timeout", "How long the walk is held back for the cluster's health before it stops. Default: 10 min.");
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be restarted, and change nothing." };
    private readonly Option<string> _fieldManager = new("--field-manager") { Description = "The name changes are recorded under.", HelpName = "name", DefaultValueFactory = _ => "meshroll" };

    private readonly ReportOptions _report = new();

    private RestartCommand(RunnerHost host) => _host = host;

    internal static Command Create(RunnerHost host)
    {
        var options = new RestartCommand(host);
        var command = new Command("restart", "Restart the workloads whose sidecars are outdated, a few at a time, and follow each to its end.");
        options._selection.AddTo(command);
        foreach (Option option in (Option[])[options._maxConcurrent, options._delay, options._stopAfterFailures, options._timeout,
            options._strategy, options._podDelay, options._surgeCount, options._maxUnavailable, options._allowDowntime, options._ignoreAutoscaler, options._noFailFastDiagnosis,
            options._exclude, options._maxPodsInTransition, options._maxNotReadyNodes, options._maxPendingPods, options._ignoreClusterHealth, options._holdTimeout, options._force, options._dryRun, options._fieldManager])
        {
            command.Add(option);
        }
        options._report.AddTo(command);
        options._cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            ClusterRun.RunAsync(host, options._cluster, parsed, (session, reporter) => options.RunAsync(parsed, session, reporter, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, ClusterSession session, Reporter reporter, CancellationToken cancellationToken)
    {
        _report.Check(parsed);
        var query = _selection.Query(parsed, outdatedOnly: !parsed.GetValue(_force));
        var targets = await FindTargetsAsync(session, query, reporter, cancellationToken);
        if (reporter.AnyError) return ExitCode.UsageOrAccess;

        var progress = new ProgressView(_host);
        progress.Expect(targets.Count);
        var ended = new List<MeshRollout>();
        var refused = 0;
        var isHeldBack = false;
        await foreach (var step in new RestartEngine(session).RunAsync(targets, Options(parsed, query.Target), cancellationToken))
        {
            switch (step)
            {
                case RestartEvent.Started started: progress.Started(started.Rollout); break;
                case RestartEvent.Changed changed: progress.Changed(changed.Rollout); break;
                case RestartEvent.Ended { Rollout: var rollout }: progress.Ended(rollout); ended.Add(rollout); break;
                case RestartEvent.Skipped { Rollout: var rollout }: progress.Ended(rollout); ended.Add(rollout); break;
                case RestartEvent.Refused { Error: var error }: refused++; progress.Clear(); reporter.Error(error); break;
                case RestartEvent.Remark { Text: var text }: progress.Clear(); reporter.Remark(text); break;
                case RestartEvent.Stopped stopped:
                    progress.Clear();
                    var why = stopped.Reason.Length > 0 ? SafeText.Of(stopped.Reason) : $"{stopped.Because.Count} did not come back";
                    reporter.Remark($"stopped: {why}, {stopped.NotStarted.Count} were not started.");
                    isHeldBack = stopped.Reason.Length > 0;
                    break;
            }
        }
        progress.Clear();
        RolloutResults.Write(_host.Out, parsed.GetValue(_cluster.Output), ended);
        _report.Write(parsed, ended, _host.TimeProvider.GetUtcNow());
        if (targets.Count == 0) _host.Error.WriteLine("nothing to restart: no workload here has an outdated sidecar.");
        var code = refused > 0 ? ExitCode.WorkloadFailed : RolloutResults.ExitCodeOf(ended);
        return code == ExitCode.Done && isHeldBack ? ExitCode.TimedOut : code;
    }

    /// <summary>Workloads to restart; those that cannot be are named, so that nobody believes them done.</summary>
    private static async Task<List<RestartTarget>> FindTargetsAsync(ClusterSession session, SidecarQuery query, Reporter reporter, CancellationToken cancellationToken)
    {
        var targets = new List<RestartTarget>();
        await foreach (var item in new SidecarInventory(session).ReadWorkloadsAsync(query, cancellationToken))
        {
            switch (item)
            {
                case ReadEvent<MeshWorkload>.Failed failed: reporter.Error(failed.Error); break;
                case ReadEvent<MeshWorkload>.Remark remark: reporter.Remark(remark.Text); break;
                case ReadEvent<MeshWorkload>.Found { Item: { Restartable: false } left }:
                    reporter.Remark($"{left.Namespace} {left.Kind.ToLowerInvariant()}/{left.Name} is left as it is: {left.Reason}");
                    break;
                case ReadEvent<MeshWorkload>.Found { Item: var workload }:
                    WorkloadReference reference = new(workload.Namespace, workload.Kind, workload.Name);
                    targets.Add(new(reference, workload.DesiredVersion, workload.DesiredRevision) { IsNamed = WorkloadName.AreNaming(reference, query.Selection.Names) });
                    break;
            }
        }
        return targets;
    }

    private RestartOptions Options(ParseResult parsed, SidecarTarget target) => new()
    {
        MaxConcurrent = parsed.GetValue(_maxConcurrent),
        Delay = parsed.GetValue(_delay) ?? TimeSpan.Zero,
        StopAfterFailures = parsed.GetValue(_stopAfterFailures),
        Timeout = parsed.GetValue(_timeout),
        Force = parsed.GetValue(_force),
        FieldManager = parsed.GetRequiredValue(_fieldManager),
        Strategy = parsed.GetValue(_strategy),
        PodDelay = parsed.GetValue(_podDelay) ?? TimeSpan.Zero,
        SurgeCount = parsed.GetValue(_surgeCount),
        MaxUnavailable = parsed.GetValue(_maxUnavailable),
        AllowDowntime = parsed.GetValue(_allowDowntime),
        IgnoreAutoscaler = parsed.GetValue(_ignoreAutoscaler),
        FailOnFatalFinding = !parsed.GetValue(_noFailFastDiagnosis),
        Guards = new()
        {
            Exclude = parsed.GetRequiredValue(_exclude),
            MaxPodsInTransition = parsed.GetValue(_maxPodsInTransition),
            MaxNotReadyNodes = parsed.GetValue(_maxNotReadyNodes),
            MaxPendingPods = parsed.GetValue(_maxPendingPods),
            IgnoreClusterHealth = parsed.GetValue(_ignoreClusterHealth),
            HoldTimeout = parsed.GetValue(_holdTimeout) ?? new GuardOptions().HoldTimeout,
        },
        TakenBack = rollout => _host.Error.WriteLine(SafeText.Of($"{rollout.Namespace} {rollout.Kind.ToLowerInvariant()}/{rollout.Name}: {rollout.Message}")),
        Target = target,
        FollowToEnd = true,
        Approve = parsed.GetValue(_dryRun) ? WouldDo : null,
    };

    private ValueTask<bool> WouldDo(RestartProposal proposal, CancellationToken cancellationToken)
    {
        _host.Error.WriteLine($"would do: {SafeText.Of(proposal.Workload.ToString())}: {SafeText.Of(proposal.Action)}");
        return ValueTask.FromResult(false);
    }
}
