using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Checking;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Rollouts;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Tells whether a plan can be carried out in the cluster of today: true or false.</summary>
/// <remarks>
/// <para>
/// False when the file is no plan (the error says where and why), when a workload of it has vanished or cannot be read, or when none of its windows opens
/// any more. Each of these is a warning. -Severity Warning also fails for what is worth a look: workloads that are new beside it, made anew, or restarted by
/// somebody else since, and errors of Get-MeshRolloutReadiness that the plan does not know of.
/// </para>
/// <para>The facts themselves are the Differences of Get-MeshRolloutPlan -Compare.</para>
/// </remarks>
/// <notes>
/// Needs the rights to list pods, namespaces and workloads, and those of Get-MeshRolloutReadiness to compare what the plan says of it.
/// </notes>
/// <example>
/// <title>Before the night</title>
/// <code>if (-not (Test-MeshRolloutPlan shop.yaml)) { throw 'make the plan anew' }</code>
/// <remarks>The warnings say what is wrong with it.</remarks>
/// </example>
/// <example>
/// <title>In a pull request's check</title>
/// <code>Get-ChildItem plans/*.yaml | Test-MeshRolloutPlan -Severity Warning</code>
/// <remarks>One answer for each file.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutPlanCommand"/>
/// <seealso cref="NewMeshRolloutPlanCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "MeshRolloutPlan", DefaultParameterSetName = ByPlan)]
[OutputType(typeof(bool))]
public sealed class TestMeshRolloutPlanCommand : ClusterCmdlet
{
    private const string ByPath = "Path";
    private const string ByPlan = "Plan";

    private readonly List<(string? Path, MeshRolloutPlan? Plan, MeshCluster Cluster)> _asked = [];

    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByPath)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>A plan, from New-MeshRolloutPlan or Get-MeshRolloutPlan.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByPlan)]
    [ValidateNotNull]
    public MeshRolloutPlan? Plan { get; set; }

    /// <summary>How bad a difference must be to fail: Error, Warning or Information.</summary>
    [Parameter]
    public FindingSeverity Severity { get; set; } = FindingSeverity.Error;

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        foreach (var cluster in CaptureGivenChoice().Resolve())
        {
            if (ParameterSetName == ByPlan) _asked.Add((null, Plan, cluster));
            else _asked.AddRange(Path.Select(path => ((string?)PlanPaths.Full(this, path), (MeshRolloutPlan?)null, cluster)));
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var bar = Severity;
        Run(async (output, cancellationToken) =>
        {
            foreach (var (path, plan, cluster) in _asked) await output.WriteAsync(await IsFitAsync(path, plan, cluster, bar, output, cancellationToken));
        });
    }

    private static async Task<bool> IsFitAsync(string? path, MeshRolloutPlan? plan, MeshCluster cluster, FindingSeverity bar, ICommandOutput output, CancellationToken cancellationToken)
    {
        try
        {
            var compared = await new PlanCheck(cluster.Session!).CompareAsync(plan ?? PlanFile.Read(path!), cancellationToken);
            foreach (var difference in compared.Differences)
            {
                if (difference.Severity >= bar) await output.WriteWarningAsync($"{difference.Message}.{(difference.Advice.Length > 0 ? " " + difference.Advice : "")}");
                else await output.WriteVerboseAsync($"{difference.Severity}: {difference.Message}.");
            }
            return compared.Differences.All(difference => difference.Severity < bar);
        }
        catch (MeshRollException error)
        {
            await output.WriteErrorAsync(CommandErrors.From(error, path ?? plan!.File));
            return false;
        }
    }
}
