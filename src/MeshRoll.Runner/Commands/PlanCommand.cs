using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll plan</c>: writes down what would be restarted, in which waves, how and when. Changes nothing.</summary>
internal static class PlanCommand
{
    internal static Command Create(RunnerHost host)
    {
        var cluster = new ClusterOptions();
        var selection = new SelectionOptions();
        var plan = new PlanOptions();
        var to = new Option<string?>("--to") { Description = "The plan's file. Default: standard output.", HelpName = "file" };

        var command = new Command("plan", "Write a plan: what would be restarted, in which waves, how and when. 'meshroll run' carries it out.") { to };
        selection.AddTo(command);
        plan.AddTo(command);
        cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ClusterRun.RunAsync(host, cluster, parsed, async (session, reporter) =>
        {
            var query = selection.Query(parsed, outdatedOnly: !parsed.GetValue(plan.Force));
            // Before the cluster is asked: what was typed wrong.
            var request = plan.Request(parsed, []);
            var targets = await FindAsync(session, query, reporter, cancellationToken);
            if (reporter.AnyError) return ExitCode.UsageOrAccess;
            if (targets.Count == 0)
            {
                host.Error.WriteLine("nothing to plan: no workload here has an outdated sidecar.");
                return ExitCode.Done;
            }
            Write(host, reporter, await new PlanAuthor(session).CreateAsync(request with { Targets = targets }, cancellationToken), parsed.GetValue(to));
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(RunnerHost host, Reporter reporter, MeshRolloutPlan plan, string? path)
    {
        foreach (var finding in plan.Findings) reporter.Remark(finding.Message);
        foreach (var entry in plan.Readiness ?? []) reporter.Remark($"readiness: {entry}");
        if (path is null)
        {
            host.Out.Write(PlanFile.Text(plan));
            return;
        }
        _ = PlanFile.Write(plan, path);
        host.Error.WriteLine($"{SafeText.Of(path)}: {plan.Workloads} workloads in {plan.Waves.Count} waves{(plan.Estimate is { } estimate ? $", about {RunView.Text(estimate)}" : "")}.");
    }

    private static async Task<List<PlanTarget>> FindAsync(ClusterSession session, SidecarQuery query, Reporter reporter, CancellationToken cancellationToken)
    {
        var targets = new List<PlanTarget>();
        await foreach (var item in new SidecarInventory(session).ReadWorkloadsAsync(query, cancellationToken))
        {
            switch (item)
            {
                case ReadEvent<MeshWorkload>.Failed failed: reporter.Error(failed.Error); break;
                case ReadEvent<MeshWorkload>.Remark remark: reporter.Remark(remark.Text); break;
                case ReadEvent<MeshWorkload>.Found { Item: { Restartable: true } found }:
                    targets.Add(new(new(new(found.Namespace, found.Kind, found.Name), found.DesiredVersion, found.DesiredRevision), found.Versions));
                    break;
                case ReadEvent<MeshWorkload>.Found { Item: var left }:
                    reporter.Remark($"{left.Namespace} {left.Kind.ToLowerInvariant()}/{left.Name} is not planned: {left.Reason}");
                    break;
            }
        }
        return targets;
    }
}
