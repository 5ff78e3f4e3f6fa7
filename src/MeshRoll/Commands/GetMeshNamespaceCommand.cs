using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.Namespaces;

namespace MeshRoll.Commands;

/// <summary>Gives the namespaces of a mesh: which revision their labels decide for, by which rule, what their pods run, and what is at odds.</summary>
/// <remarks>
/// <para>
/// The decision is that for a new pod that asks for nothing itself: Injected, Revision and Version. Rule says in words which label decides and how a tag leads
/// to the revision. A pod may still decide otherwise by its own labels, as Get-MeshSidecarVersion shows.
/// </para>
/// <para>
/// Conflicts names what is wrong: both labels set, of which istio-injection wins; a revision or tag that no injector webhook serves, so that new pods get no
/// sidecar; a revision that has no istiod, or none that is ready; two injector webhooks that match, so that new pods are injected twice.
/// </para>
/// <para>
/// What may not be read is empty, never guessed: Injected without the right to read namespaces, Pods without the right to list pods.
/// </para>
/// </remarks>
/// <notes>Needs the rights to list namespaces, pods and mutatingwebhookconfigurations, and to read the ConfigMaps and deployments of istiod's namespace.</notes>
/// <example>
/// <title>Where do new pods get which version, and what still runs?</title>
/// <code>Get-MeshNamespace</code>
/// <remarks>One line for each namespace that asks for injection or has pods with a sidecar.</remarks>
/// </example>
/// <example>
/// <title>What is at odds?</title>
/// <code>Get-MeshNamespace | Where-Object Conflicts | Format-List Namespace, Rule, Conflicts</code>
/// <remarks>Nothing comes out where all is well.</remarks>
/// </example>
/// <example>
/// <title>Restart the namespace with the most outdated pods</title>
/// <code>Get-MeshNamespace | Sort-Object Outdated -Descending | Select-Object -First 1 | Get-MeshWorkload -Outdated | Start-MeshRolloutRestart -Strategy Auto</code>
/// <remarks>A namespace piped to Get-MeshWorkload means its workloads.</remarks>
/// </example>
/// <seealso cref="GetMeshMigrationCommand"/>
/// <seealso cref="GetMeshWorkloadCommand"/>
/// <seealso cref="GetMeshSidecarVersionCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshNamespace")]
[OutputType(typeof(MeshNamespace))]
public sealed class GetMeshNamespaceCommand : WholeNamespacesCmdlet
{
    /// <summary>All namespaces, also those that have nothing to do with a mesh.</summary>
    [Parameter]
    public SwitchParameter AllNamespaces { get; set; }

    private protected override bool MeansEveryNamespace => AllNamespaces;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var parts = Chosen();
        var query = new NamespaceQuery { IncludeGateway = IncludeGateway };
        Run((output, cancellationToken) => ReadWork.RunAsync(
            parts,
            (session, selection, token) => new NamespaceReader(session).ReadAsync(query with { Namespaces = selection.Namespaces, AllNamespaces = selection.AllNamespaces }, token),
            (cluster, found) =>
            {
                KnownNames.Of(cluster.Session!).Add(found.Namespace);
                return output.WriteAsync(found);
            },
            output,
            cancellationToken));
    }
}
