using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Permissions;
using MeshRoll.Permissions;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Tells whether one has all the rights that commands of MeshRoll need: true or false, and nothing else.</summary>
/// <remarks>
/// True when the server says yes to every right that Get-MeshPermission calls Needed for the same parameters, in every cluster that is meant. A right that
/// could not be asked about is not one that one has. -Verbose names what is missing.
/// </remarks>
/// <notes>Needs what Get-MeshPermission needs: nothing beyond the rights of every user.</notes>
/// <example>
/// <title>Begin a script with it</title>
/// <code>if (-not (Test-MeshPermission Get-MeshWorkload, Start-MeshRolloutRestart, Wait-MeshRollout -Namespace shop)) { throw 'Rights are missing.' }</code>
/// <remarks>Better at 6 p.m. by hand than at 3 a.m. by an error.</remarks>
/// </example>
/// <example>
/// <title>May evictions be asked for?</title>
/// <code>Test-MeshPermission Start-MeshRolloutRestart -Namespace shop, bank -For Evict -Verbose</code>
/// <remarks>Rights for features count when -For names them.</remarks>
/// </example>
/// <seealso cref="GetMeshPermissionCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "MeshPermission")]
[OutputType(typeof(bool))]
public sealed class TestMeshPermissionCommand : PermissionCmdlet
{
    private protected override Func<ICommandOutput, CancellationToken, Task> Capture(IReadOnlyList<MeshCluster> clusters, PermissionQuery query) => async (output, cancellationToken) =>
    {
        var allowed = true;
        foreach (var cluster in clusters)
        {
            // What could not be read leaves rights unasked.
            if (!await ReadAsync(cluster, query, Judge, output, cancellationToken)) allowed = false;
        }
        await output.WriteAsync(allowed);

        async ValueTask Judge(MeshPermission permission)
        {
            if (!permission.Needed || permission.Allowed == true) return;
            allowed = false;
            await output.WriteVerboseAsync($"{permission.Cmdlet} on {permission.Cluster}: {permission.Reason}, needed to {permission.For}.");
        }
    };
}
