using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.Istiods;

namespace MeshRoll.Commands;

/// <summary>Gives the revisions of Istio's control plane: the istiod of each, what it injects, who asks it, which namespaces select it and how many pods live on it.</summary>
/// <remarks>
/// <para>
/// A revision whose istiod is gone is given too as long as a webhook, a ConfigMap or a pod still speaks of it. Injectors names the webhooks that ask it, whoever
/// they belong to: after a switch by service name that is the webhook of another revision's installation.
/// </para>
/// <para>
/// Pods counts the proxies that a revision has injected, gateways included; for that all pods are read once. Connected asks every istiod through a port-forward,
/// which costs more and needs another right: it is empty without -IncludeConnected, and where not every replica of the revision answered.
/// </para>
/// <para>
/// Health is Healthy, Degraded (something wants attention), Down (pods that it should inject cannot be created, its proxies get nothing new) or Unknown; Reason says why.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list mutatingwebhookconfigurations, namespaces, deployments and pods, and services, endpoints and ConfigMaps of istiod's namespace; for
/// -IncludeConnected also to create pods/portforward there. What may not be read is empty.
/// </notes>
/// <example>
/// <title>Which control planes are there, and who lives on them?</title>
/// <code>Get-MeshControlPlane</code>
/// <remarks>One line for each revision.</remarks>
/// </example>
/// <example>
/// <title>The new revision before a switch</title>
/// <code>Get-MeshControlPlane 1-27-1 | Format-List Revision, Version, Ready, Replicas, Service, Endpoints, Image, Health, Reason</code>
/// <remarks>Endpoints must not be 0: the API server asks the service.</remarks>
/// </example>
/// <example>
/// <title>How many proxies are connected to the old one?</title>
/// <code>Get-MeshControlPlane default -IncludeConnected | Select-Object Revision, Pods, Connected</code>
/// <remarks>Each replica of istiod is asked for the proxies that are connected to it.</remarks>
/// </example>
/// <seealso cref="GetMeshNamespaceCommand"/>
/// <seealso cref="GetMeshMigrationCommand"/>
/// <seealso href="about_MeshMigration"/>
[Cmdlet(VerbsCommon.Get, "MeshControlPlane")]
[OutputType(typeof(MeshControlPlane))]
public sealed class GetMeshControlPlaneCommand : ClusterCmdlet
{
    /// <summary>Revisions or tags, with wildcards; a tag means the revision it points at. Left out, all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string[] Revision { get; set; } = [];

    /// <summary>Asks every istiod how many proxies are connected to it.</summary>
    [Parameter]
    public SwitchParameter IncludeConnected { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var query = new ControlPlaneQuery { Revisions = [.. (Revision ?? []).Where(static name => !string.IsNullOrWhiteSpace(name))], IncludeConnected = IncludeConnected };
        TryForRecord(() =>
        {
            var parts = CaptureChoice().Resolve().Select(static cluster => (cluster, new Core.Workloads.WorkloadSelection())).ToList();
            Run((output, cancellationToken) => ReadWork.RunAsync(
                parts, (session, _, token) => new ControlPlaneReader(session).ReadAsync(query, token), (_, found) => output.WriteAsync(found), output, cancellationToken));
        });
    }
}
