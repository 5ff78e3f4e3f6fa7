using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Plans;

/// <summary>A command about the run of a plan: the plan's file says which, its journal how it stands.</summary>
public abstract class RunCmdlet : ClusterCmdlet
{
    private readonly List<PlannedRun> _runs = [];

    /// <summary>The plan's file. Plans and runs bring theirs through the pipe.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("File", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The journal's file. Left out, it lies beside the plan: shop.yaml has shop.journal.jsonl.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Journal")]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(
        () =>
        {
            var plan = PlanFile.Read(PlanPaths.Full(this, Path!));
            var journal = JournalPath is null ? PlanPaths.Journal(plan.File) : PlanPaths.Full(this, JournalPath);
            if (_runs.Exists(run => run.Plan.File == plan.File)) return;
            foreach (var cluster in CaptureGivenChoice().Resolve()) _runs.Add(new(plan, journal, cluster));
        },
        Path);

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(async (output, cancellationToken) =>
    {
        foreach (var run in _runs)
        {
            try
            {
                await DoAsync(run, output, cancellationToken);
            }
            catch (MeshRollException error)
            {
                await output.WriteErrorAsync(CommandErrors.From(error, run.Plan.File));
            }
        }
    });

    /// <summary>Does what the command is for.</summary>
    private protected abstract Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken);
}

/// <summary>A plan, its journal, and where it runs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Journal">The journal's path.</param>
/// <param name="Cluster">The cluster; null where it is not asked.</param>
internal sealed record PlannedRun(MeshRolloutPlan Plan, string Journal, MeshCluster? Cluster)
{
    /// <summary>The run as its journal tells it.</summary>
    public MeshRolloutRun Read() => MeshRolloutRun.Read(Plan, Journal) with { Cluster = Cluster?.Name ?? Plan.Cluster };
}
