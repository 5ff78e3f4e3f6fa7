using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Migration.Usage;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Tells what still uses a revision of Istio's control plane, or would be lost with it, and what to do about each.</summary>
/// <remarks>
/// <para>
/// Use says how: ConnectedProxy (one object for each istiod that has connections), Pod and Gateway (one for each workload whose pods carry its sidecar), Namespace
/// (new pods of it are injected by the revision), Tag, Webhook, and Unknown for what could not be read. Blocking is true for what must be settled before the
/// revision is removed, and empty where that is unknown.
/// </para>
/// <para>
/// A webhook has two masters: the installation that it belongs to removes it when it is uninstalled, and the istiod that it asks injects. After a switch by service
/// name the injector webhook of the old installation serves the new revision, and uninstalling the old one takes it away: that is Blocking too.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list pods, workloads, namespaces and mutatingwebhookconfigurations; and to create pods/portforward in istiod's namespace, unless -IgnoreProxyStatus.
/// </notes>
/// <example>
/// <title>What stands in the way of removing the old revision?</title>
/// <code>Get-MeshRevisionUsage default | Where-Object Blocking -NE $false | Format-Table Use, Message, Advice -Wrap</code>
/// <remarks>What is unknown is listed as well.</remarks>
/// </example>
/// <example>
/// <title>Restart the workloads that are still on it</title>
/// <code>Get-MeshRevisionUsage default | Where-Object Use -EQ Pod | Start-MeshRolloutRestart -Strategy Auto | Wait-MeshRollout</code>
/// <remarks>The objects name a workload by Namespace, Kind and Name.</remarks>
/// </example>
/// <seealso cref="TestMeshRevisionRemovalCommand"/>
/// <seealso cref="GetMeshMigrationCommand"/>
/// <seealso cref="GetMeshControlPlaneCommand"/>
/// <seealso href="about_MeshMigration"/>
[Cmdlet(VerbsCommon.Get, "MeshRevisionUsage")]
[OutputType(typeof(MeshRevisionUsage))]
public sealed class GetMeshRevisionUsageCommand : RevisionUsageCmdlet
{
    private protected override async Task GiveAsync(IReadOnlyList<MeshRevisionUsage> used, ICommandOutput output)
    {
        foreach (var use in used) await output.WriteAsync(use);
    }
}
