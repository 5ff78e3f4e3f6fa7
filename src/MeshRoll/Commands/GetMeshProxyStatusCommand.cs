using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.ProxyStatus;

namespace MeshRoll.Commands;

/// <summary>Gives each proxy of Istio as its control plane sees it: whether it took what it was sent, and which istiod it is connected to.</summary>
/// <remarks>
/// <para>
/// What istioctl proxy-status shows, as objects, and what it does not show: sidecars that no istiod knows (State Disconnected) and proxies without a pod
/// (NoPod). Gateways are shown too, with Gateway set. Every pod of every istiod is asked, all at the same time, by port-forward: each knows only the proxies
/// that are connected to it. Both forms of their answer are read, that of newer istiods and that of older ones.
/// </para>
/// <para>
/// Cds, Lds, Eds, Rds and Ecds (clusters, listeners, endpoints, routes, extensions) are SYNCED, STALE or NOT SENT as istioctl has them. State is all of it in one
/// word: Stale where something was sent and not acknowledged, NotSent where not even clusters or listeners were sent, which every proxy asks for; routes and
/// extensions that were not sent are usual. Reason says what is behind, since when, and why the proxy refused it where istiod tells. Where two istiods claim
/// a proxy, the one that sent something last is believed, or, where that is not told, the one that says worse; Reason names the other.
/// </para>
/// <para>
/// An istiod that cannot be asked is one warning with the way out, and what only it can tell is Unknown: nothing is called disconnected before all istiods have
/// answered. Proxies without a pod come where neither workloads nor labels are asked for. Linkerd and Consul have no such status.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list pods, those of istiod among them, and to get and create pods/portforward where istiod runs. Without the latter the rows come with State Unknown.
/// For -Revision also to list mutatingwebhookconfigurations, which tell tags.
/// </notes>
/// <example>
/// <title>Which proxies are not as they should be?</title>
/// <code>Get-MeshProxyStatus -AllNamespaces | Where-Object State -ne Synced | Format-List Namespace, Pod, State, Reason</code>
/// <remarks>Reason says what a proxy has not acknowledged, or why nobody knows it.</remarks>
/// </example>
/// <example>
/// <title>How far is the migration to another revision?</title>
/// <code>Get-MeshProxyStatus -AllNamespaces | Group-Object Revision, Version -NoElement</code>
/// <remarks>Revision is that of the istiod which a proxy is connected to, whatever it was injected for.</remarks>
/// </example>
/// <example>
/// <title>Restart what has lost its control plane</title>
/// <code>Get-MeshProxyStatus -Namespace shop -State Disconnected | Start-MeshRolloutRestart | Wait-MeshRollout</code>
/// <remarks>Look at one of them before: a proxy that cannot reach istiod will not reach it after a restart either.</remarks>
/// </example>
/// <example>
/// <title>Who is still connected to the old revision?</title>
/// <code>Get-MeshProxyStatus -AllNamespaces -Revision default</code>
/// <remarks>A tag in place of the revision means the revision it points at.</remarks>
/// </example>
/// <seealso cref="GetMeshSidecarVersionCommand"/>
/// <seealso cref="GetMeshControlPlaneCommand"/>
/// <seealso cref="GetMeshMigrationCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshProxyStatus", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshProxyStatus))]
public sealed class GetMeshProxyStatusCommand : SelectionCmdlet
{
    private readonly ChosenWorkloads _chosen = new();

    /// <summary>Only proxies connected to an istiod of these revisions, and unconnected ones that these have injected; revisions or tags, with wildcards. Left out, all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MeshRevisionCompleter))]
    public string[] Revision { get; set; } = [];

    /// <summary>Only proxies in these states: Synced, Stale, NotSent, Disconnected, NoPod, Unknown. Left out, all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ProxyState[] State { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() => _chosen.Add(CaptureChoice().Resolve(), CaptureSelection()));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var query = new ProxyStatusQuery { Revisions = [.. Revision], States = [.. State] };
        var parts = _chosen.Merge();
        Run((output, cancellationToken) => ReadWork.RunAsync(
            parts,
            (session, selection, token) => new ProxyStatusReader(session).ReadAsync(query with { Selection = selection }, token),
            (cluster, status) =>
            {
                if (status.Name.Length > 0) KnownNames.Of(cluster.Session!).Add(status.Namespace, status.Kind, status.Name);
                return output.WriteAsync(status);
            },
            output,
            cancellationToken));
    }
}
