using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;
using MeshRoll.Preflight;

namespace MeshRoll.Commands;

/// <summary>Tells whether workloads can be restarted without hurting anybody, as far as can be seen beforehand: true or false, and nothing else.</summary>
/// <remarks>
/// False when Get-MeshRolloutReadiness finds anything of -Severity or above, or when a rule of that severity could not be checked: a right that is missing
/// makes nothing fine. -IgnoreUnchecked leaves those out. -Verbose names what was found.
/// </remarks>
/// <notes>Needs what Get-MeshRolloutReadiness needs.</notes>
/// <example>
/// <title>Stop a script in time</title>
/// <code>if (-not (Test-MeshRolloutReadiness -Namespace shop)) { Get-MeshRolloutReadiness -Namespace shop -Severity Error; exit 1 }</code>
/// <remarks>Without -Severity only errors count: requests would fail, or the restart would get stuck.</remarks>
/// </example>
/// <example>
/// <title>A higher bar for what matters most</title>
/// <code>Get-MeshWorkload -Namespace payments -Outdated | Test-MeshRolloutReadiness -Severity Warning -ExcludeRule MovingTag -Verbose</code>
/// <remarks>One answer for all that was piped in.</remarks>
/// </example>
/// <seealso cref="GetMeshRolloutReadinessCommand"/>
/// <seealso href="about_MeshRolloutReadiness"/>
[Cmdlet(VerbsDiagnostic.Test, "MeshRolloutReadiness", DefaultParameterSetName = ByName)]
[OutputType(typeof(bool))]
public sealed class TestMeshRolloutReadinessCommand : ReadinessCmdlet
{
    /// <summary>The bar: findings of this severity or above make it false.</summary>
    [Parameter]
    public FindingSeverity Severity { get; set; } = FindingSeverity.Error;

    /// <summary>Rules that could not be checked do not count.</summary>
    [Parameter]
    public SwitchParameter IgnoreUnchecked { get; set; }

    private protected override FindingSeverity Least => Severity;

    private protected override async Task RunAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, ReadinessQuery query, ICommandOutput output, CancellationToken cancellationToken)
    {
        var (ready, ignore) = (true, IgnoreUnchecked.IsPresent);
        var watched = new FailureWatch(output);
        await ReadAsync(parts, query, Judge, watched, cancellationToken);
        await output.WriteAsync(ready && !watched.Failed);

        async ValueTask Judge(MeshReadinessFinding finding)
        {
            if (!finding.Checked && ignore) return;
            ready = false;
            await output.WriteVerboseAsync($"{finding.Severity} {finding.Id}: {finding.Namespace} {finding.Kind.ToLowerInvariant()}/{finding.Name}: {finding.Seen}");
        }
    }
}
