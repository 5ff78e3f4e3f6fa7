using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll preflight</c>: looks at workloads before they are restarted. Exit code 1 when something reaches the bar, or could not be checked.</summary>
internal static class PreflightCommand
{
    internal static Command Create(RunnerHost host)
    {
        var cluster = new ClusterOptions();
        var selection = new SelectionOptions();
        var severity = new Option<FindingSeverity>("--severity") { Description = "The bar for exit code 1: information, warning, error.", DefaultValueFactory = _ => FindingSeverity.Error };
        var rule = ListOption.Create("--rule", "Only these rules, wildcards allowed.", "rule");
        var excludeRule = ListOption.Create("--exclude-rule", "Not these rules, wildcards allowed.", "rule");
        var nodeRoom = new Option<bool>("--include-node-room") { Description = "Look too whether a node has room for one more pod; costs a list of all pods." };

        var command = new Command("preflight", "Look at workloads before they are restarted: what will hurt, why, and the patch that mends it.") { severity, rule, excludeRule, nodeRoom };
        selection.AddTo(command);
        cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ClusterRun.RunAsync(host, cluster, parsed, (session, reporter) =>
        {
            var query = new ReadinessQuery
            {
                Selection = selection.Query(parsed, outdatedOnly: false).Selection,
                Rules = parsed.GetRequiredValue(rule),
                Without = parsed.GetRequiredValue(excludeRule),
                IncludeNodeRoom = parsed.GetValue(nodeRoom),
            };
            return WriteAsync(host, session, reporter, query, parsed.GetValue(severity), parsed.GetValue(cluster.Output), cancellationToken);
        }));
        return command;
    }

    private static async Task<int> WriteAsync(RunnerHost host, ClusterSession session, Reporter reporter, ReadinessQuery query, FindingSeverity bar, OutputFormat format, CancellationToken cancellationToken)
    {
        var table = new Table(host.Out, "NAMESPACE", "WORKLOAD", "SEVERITY", "RULE", "SEEN", "ADVICE");
        var array = new JsonArrayWriter<MeshReadinessFinding>(host.Out, RunnerJson.Default.MeshReadinessFinding);
        var isReached = false;
        await foreach (var item in new ReadinessReader(session).ReadAsync(query, cancellationToken))
        {
            switch (item)
            {
                case ReadEvent<MeshReadinessFinding>.Failed failed: reporter.Error(failed.Error); break;
                case ReadEvent<MeshReadinessFinding>.Remark remark: reporter.Remark(remark.Text); break;
                case ReadEvent<MeshReadinessFinding>.Found { Item: var finding }:
                    isReached |= finding.Severity >= bar;
                    if (format == OutputFormat.Json) array.Add(finding);
                    else table.Add(finding.Namespace, $"{finding.Kind.ToLowerInvariant()}/{finding.Name}", finding.Checked ? $"{finding.Severity}" : "Not checked", finding.Id, finding.Seen, finding.Advice.Length > 0 ? finding.Advice : finding.FixCommand);
                    break;
            }
        }
        if (format == OutputFormat.Json) array.End();
        else table.Flush();
        return reporter.AnyError ? ExitCode.UsageOrAccess : isReached ? ExitCode.WorkloadFailed : ExitCode.Done;
    }
}
