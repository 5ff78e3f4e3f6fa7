using System.Management.Automation;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Pipeline;

namespace MeshRoll.Plans;

/// <summary>Carries a plan out for a command, and tells the pipeline how it goes.</summary>
internal sealed class RunWork(ICommandOutput output)
{
    private const int BarId = 7200;

    /// <summary>Runs it to its end; gives the run, and an error where it did not end well.</summary>
    public async Task RunAsync(PlannedRun planned, PlanRunOptions options, CancellationToken cancellationToken)
    {
        MeshRolloutRun? last = null;
        await foreach (var news in new PlanRunner(planned.Cluster!.Session!).RunAsync(planned.Plan, options, cancellationToken))
        {
            switch (news)
            {
                case RunNews.Remark(var text):
                    await output.WriteWarningAsync(text);
                    break;
                case RunNews.Recorded(var entry, var run):
                    last = run with { Cluster = planned.Cluster.Name };
                    await output.WriteVerboseAsync(Line(entry));
                    if (IsWorthAWarning(entry)) await output.WriteWarningAsync(Line(entry));
                    output.Report(Bar(run));
                    break;
            }
        }
        if (last is null) return;
        await output.WriteAsync(last);
        if (ErrorOf(last) is { } error) await output.WriteErrorAsync(error);
    }

    /// <summary>What is to be complained about when a run has ended; null when all is well.</summary>
    public static CommandError? ErrorOf(MeshRolloutRun run) => run switch
    {
        { Status: RunStatus.Stopped } => CommandErrors.Of("MeshRoll.RunStopped", ErrorCategory.OperationStopped, $"The plan {run.Name} was not carried out to its end: {run.Message.TrimEnd('.')}. {Rest(run)} Resume-MeshRolloutRun goes on.", run),
        { Status: RunStatus.Interrupted } => CommandErrors.Of("MeshRoll.RunInterrupted", ErrorCategory.OperationStopped, $"The plan {run.Name} was cut off: {run.Message.TrimEnd('.')}. {Rest(run)} Resume-MeshRolloutRun goes on.", run),
        { Status: RunStatus.Completed, Failed: > 0 } => CommandErrors.Of("MeshRoll.RunFailed", ErrorCategory.InvalidResult, $"The plan {run.Name} is done, but {run.Failed} of its workloads did not come back: {string.Join(", ", run.Details.Where(workload => workload.State == RunWorkloadState.Failed).Take(3).Select(workload => workload.Workload))}.", run),
        _ => null,
    };

    private static string Rest(MeshRolloutRun run) => $"{run.Done} of {run.Workloads} workloads are done{(run.Failed > 0 ? $", {run.Failed} failed" : "")}.";

    private static bool IsWorthAWarning(RunEntry entry) =>
        entry.Event is RunEvent.Paused or RunEvent.Suspended or RunEvent.LeftAlone or RunEvent.Refused or RunEvent.Said or RunEvent.Interrupted || entry is { Event: RunEvent.Ended, State: not Core.Rollouts.RolloutState.Complete };

    // Who suspended or stopped a run is told in those words already.
    private static string Line(RunEntry entry) => entry.Message.StartsWith($"{entry.Event} ", StringComparison.OrdinalIgnoreCase) ? $"{entry.Event}{entry.Message[entry.Event.ToString().Length..]}" :
        $"{entry.Event}{(entry.By.Length > 0 ? $" by {entry.By}" : "")}{(entry.Wave.Length > 0 ? $" [{entry.Wave}]" : "")}{(entry.Workload is { } workload ? $" {workload}" : "")}{(entry.Message.Length > 0 ? $": {entry.Message}" : "")}";

    private static CommandProgress Bar(MeshRolloutRun run)
    {
        var over = run.Done + run.Failed + run.Skipped + run.Left;
        var status = $"{(run.Wave.Length > 0 ? $"wave {run.Wave}: " : "")}{over} of {run.Workloads} done, {run.Moving} moving{(run.Failed > 0 ? $", {run.Failed} failed" : "")}{(run.Message.Length > 0 ? $"; {run.Message}" : "")}";
        return new(BarId, $"Plan {run.Name}", status, run.Workloads == 0 ? -1 : Math.Min(100, 100 * over / run.Workloads)) { Completed = run.Ended };
    }
}
