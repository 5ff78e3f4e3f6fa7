using System.Management.Automation;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Waits until the run of a plan has ended: done, stopped, or cut off.</summary>
/// <remarks>
/// Follows the journal, so it can wait for a run of another process that writes to the same place. A process that was killed cannot write that it has ended:
/// -Timeout is for that. What did not end well is an error.
/// </remarks>
/// <notes>Needs no rights, and no cluster.</notes>
/// <example>
/// <title>Until it is done, or morning</title>
/// <code>Wait-MeshRolloutRun shop.yaml -Timeout 8h</code>
/// <remarks>Gives the run, also when the time is over.</remarks>
/// </example>
/// <example>
/// <title>Stop it, and wait until what moves has come back</title>
/// <code>Stop-MeshRolloutRun shop.yaml -PassThru -Confirm:$false | Wait-MeshRolloutRun -Timeout 30m -ErrorAction SilentlyContinue</code>
/// <remarks>A run that was stopped has not ended well, which is an error.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutRunCommand"/>
/// <seealso cref="StopMeshRolloutRunCommand"/>
[Cmdlet(VerbsLifecycle.Wait, "MeshRolloutRun")]
[OutputType(typeof(MeshRolloutRun))]
public sealed class WaitMeshRolloutRunCommand : RunFileCmdlet
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for each run: 600, 10m, 8h or a TimeSpan. Left out, as long as it takes.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    private protected override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken)
    {
        var (clock, began) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        MeshRolloutRun now;
        while (!(now = run.Read()).Ended)
        {
            if (Timeout is { } timeout && clock.GetElapsedTime(began) >= timeout)
            {
                await output.WriteAsync(now);
                await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunTimedOut", ErrorCategory.OperationTimeout, $"The plan {run.Plan.Name} has not ended in time: {now.Done} of {now.Workloads} workloads are done{(now.Message.Length > 0 ? $"; {now.Message.TrimEnd('.')}" : "")}.", now));
                return;
            }
            await Task.Delay(LookEvery, cancellationToken);
        }
        await output.WriteAsync(now);
        if (RunWork.ErrorOf(now) is { } error) await output.WriteErrorAsync(error);
    }
}
