using System.Management.Automation;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Plans;

/// <summary>A command that reads the run of a plan from its files, and asks nothing of a cluster.</summary>
public abstract class RunFileCmdlet : MeshCmdlet
{
    private readonly List<(string Plan, string Journal)> _files = [];

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
    protected override void ProcessRecord()
    {
        var plan = PlanPaths.Full(this, Path!);
        _files.Add((plan, JournalPath is null ? PlanPaths.Journal(plan) : PlanPaths.Full(this, JournalPath)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(async (output, cancellationToken) =>
    {
        foreach (var (plan, journal) in _files.Distinct())
        {
            try
            {
                await DoAsync(new(PlanFile.Read(plan), journal, null), output, cancellationToken);
            }
            catch (MeshRollException error)
            {
                await output.WriteErrorAsync(CommandErrors.From(error, plan));
            }
        }
    });

    /// <summary>Does what the command is for.</summary>
    private protected abstract Task DoAsync(PlannedRun run, ICommandOutput output, CancellationToken cancellationToken);
}
