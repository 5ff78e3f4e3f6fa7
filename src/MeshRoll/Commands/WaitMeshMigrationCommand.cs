using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Migration;
using MeshRoll.Parameters;
using MeshRoll.Waiting;

namespace MeshRoll.Commands;

/// <summary>Waits until the pods have moved from one revision or version of the mesh to another, and gives the total then.</summary>
/// <remarks>
/// <para>
/// All pods are read again at every -PollInterval; between two looks nothing is held and nothing is watched, so that waiting for days costs little. When the API
/// server is away for a while, a warning says so once and waiting goes on.
/// </para>
/// <para>
/// Waiting moves nothing by itself: pods move by releases, or by Start-MeshRolloutRestart. When -Timeout is over the error MeshRoll.MigrationTimedOut has the
/// total as TargetObject. What -From, -To and tags mean is settled at the first look.
/// </para>
/// </remarks>
/// <notes>Needs the rights to list pods and workloads.</notes>
/// <example>
/// <title>In a nightly script: restart what is left, then wait for the last pod</title>
/// <code>
/// $ErrorActionPreference = 'Stop'
/// Get-MeshMigration -From default -To 1-27-1 -Left | Start-MeshRolloutRestart -Strategy Auto | Wait-MeshRollout
/// Wait-MeshMigration -From default -To 1-27-1 -Timeout 1h
/// </code>
/// <remarks>The script fails when pods are left after an hour.</remarks>
/// </example>
/// <example>
/// <title>Tell somebody when nine tenths have moved by themselves</title>
/// <code>Wait-MeshMigration -To 1-27-1 -Percent 90 -PollInterval 10m | ForEach-Object { Send-Note "Mesh: $($_.Message)" }</code>
/// <remarks>Send-Note stands for whatever tells your team.</remarks>
/// </example>
/// <seealso cref="GetMeshMigrationCommand"/>
/// <seealso cref="WaitMeshRolloutCommand"/>
/// <seealso href="about_MeshMigration"/>
[Cmdlet(VerbsLifecycle.Wait, "MeshMigration")]
[OutputType(typeof(MeshMigration))]
public sealed class WaitMeshMigrationCommand : WholeNamespacesCmdlet
{
    /// <summary>Where pods come from: a revision, a tag, or a version such as 1.26.4 or 1.26. Left out, whatever is not -To.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string? From { get; set; }

    /// <summary>Where pods go: a revision, a tag, or a version. A tag means the revision it points at when waiting begins.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string To { get; set; } = "";

    /// <summary>How many percent of the pods shall have moved.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Percent { get; set; } = 100;

    /// <summary>The time allowed: 600, 10m, 1h30m, 14d or a TimeSpan; a plain number is seconds. Left out, there is no limit.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Looks again after so long: 30, 30s, 5m or a TimeSpan.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var query = new MigrationQuery { From = From, To = To, IncludeGateway = IncludeGateway };
        var options = new MigrationWaitOptions { Percent = Percent, Timeout = Timeout, PollInterval = PollInterval };
        var parts = Chosen().Select(part => (part.Cluster.Name, Wait(part.Cluster, query with { Selection = part.Selection with { AllNamespaces = part.Selection.Namespaces.Count == 0 } }, options))).ToList();
        Run((output, cancellationToken) => MigrationWork.RunAsync(parts, options.Percent, output, cancellationToken));
    }

    private static Func<CancellationToken, IAsyncEnumerable<MigrationWaitEvent>> Wait(MeshCluster cluster, MigrationQuery query, MigrationWaitOptions options) =>
        cancellationToken => new MigrationWait(cluster.Session!).RunAsync(query, options, cancellationToken);
}
