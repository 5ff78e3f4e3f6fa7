using System.Management.Automation;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Carries a plan out: wave after wave, in its windows, each workload once, until it is done, stopped or cut off.</summary>
/// <remarks>
/// <para>
/// The command runs as long as the plan does and gives the run when it has ended; start it with Start-Job, in a session that stays, or by a scheduler. What
/// it decides stands in a journal beside the plan before it is done. A Lease in the cluster keeps two machines from carrying out one plan: the second waits
/// and says for whom.
/// </para>
/// <para>
/// However it ends (Ctrl+C, a crash, a machine that is gone), Resume-MeshRolloutRun goes on with it, here or on another machine with the file. Each workload
/// that the plan has restarted says so by its annotation meshroll.io/plan and is not restarted again, whatever the journal knows.
/// </para>
/// <para>
/// Outside of its windows, or while something is frozen, nothing is started; what moves ends. A workload that somebody else restarts, scales or deploys during
/// the run is left to them and reported (LeftAlone). After each wave its soak time passes, and then the gate is asked, if there is one, until it opens.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights of Start-MeshRolloutRestart, and to get, create, patch and delete leases.coordination.k8s.io in the plan's leaseNamespace.
/// </notes>
/// <example>
/// <title>Tonight</title>
/// <code>Start-MeshRolloutPlan shop.yaml -Confirm:$false -Verbose</code>
/// <remarks>Begins when a window opens. Each event is a verbose line, and a line of shop.journal.jsonl.</remarks>
/// </example>
/// <example>
/// <title>Only while the shop has few errors</title>
/// <code>
/// Start-MeshRolloutPlan shop.yaml -PrometheusUrl https://prometheus.example -Below 0.01 -Query '
///     sum(rate(istio_requests_total{response_code=~"5.."}[5m])) / sum(rate(istio_requests_total[5m]))'
/// </code>
/// <remarks>Asked before each wave but the first, every 30 seconds until it is below; the answers stand in the journal.</remarks>
/// </example>
/// <example>
/// <title>A gate of one's own</title>
/// <code>Start-MeshRolloutPlan shop.yaml -Gate { (Invoke-RestMethod https://shop.example/health).status -eq 'ok' } -GateTimeout 1h</code>
/// <remarks>The script is given the plan, the wave that is done and the next one as $_.</remarks>
/// </example>
/// <seealso cref="NewMeshRolloutPlanCommand"/>
/// <seealso cref="ResumeMeshRolloutRunCommand"/>
/// <seealso cref="GetMeshRolloutRunCommand"/>
[Cmdlet(VerbsLifecycle.Start, "MeshRolloutPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshRolloutRun))]
public sealed class StartMeshRolloutPlanCommand : GatedRunCmdlet
{
    private protected override async Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken)
    {
        var before = run.Read();
        if (before.Status == RunStatus.Completed)
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunCompleted", ErrorCategory.ResourceExists, $"The plan {run.Plan.Name} was carried out already, as '{run.Journal}' tells. Make a new plan to do it again.", before));
            return;
        }
        if (before.Status != RunStatus.NotStarted)
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.RunExists", ErrorCategory.ResourceExists, $"The plan {run.Plan.Name} was begun already, as '{run.Journal}' tells ({before.Done} of {before.Workloads} workloads are done). Resume-MeshRolloutRun goes on with it.", before));
            return;
        }
        var estimate = run.Plan.Estimate is { } time ? $", about {Wording(time)}" : "";
        if (!await output.ShouldProcessAsync($"{Count(run.Plan.Workloads, "workload")} on {run.Cluster}", $"Carry out the plan {run.Plan.Name} with {Count(run.Plan.Pods, "pod")} in {Count(run.Plan.Waves.Count, "wave")}{estimate}")) return;
        await CarryOutAsync(run, isResumed: false, output, cancellationToken);
    }
}
