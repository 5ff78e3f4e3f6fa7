using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Permissions;
using MeshRoll.Permissions;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Tells which rights commands of MeshRoll need, which of them one has, and with -AsRole writes the roles that give them.</summary>
/// <remarks>
/// <para>
/// Gives an object for each verb on each resource. Allowed is the server's own judgement about the user of the connection (SelfSubjectAccessReview), and null
/// where it could not be asked; Reason says why, or names what is missing. Needed is true for what the commands need as they are meant to be used: without
/// a part of it they fail, or, where For says so, leave something unknown. What serves a feature only (Features) is needed when -For names that.
/// </para>
/// <para>
/// Rights are listed for the namespaces that will be worked on, for the meshes that are installed, and for Argo Rollouts where they are. Work on namespaces
/// that are named needs a Role in each and little beside; wildcards and -AllNamespaces need the list of namespaces.
/// </para>
/// <para>
/// -AsRole writes the same as Roles and a ClusterRole in YAML: what is needed and nothing else, in an order that does not change from run to run, so that it
/// can be kept in a repository. Nothing is changed in the cluster.
/// </para>
/// </remarks>
/// <notes>
/// Needs no right beyond those of every user (system:basic-user): to find where the meshes are it lists mutatingwebhookconfigurations, and without that
/// right it takes Istio in istio-system for granted, with a warning.
/// </notes>
/// <example>
/// <title>What is missing for tonight?</title>
/// <code>Get-MeshPermission Start-MeshRolloutRestart, Wait-MeshRollout -Namespace shop -For Surge -Missing</code>
/// <remarks>Nothing comes where nothing is missing. Reason says what to ask for.</remarks>
/// </example>
/// <example>
/// <title>The least role for a scheduled job</title>
/// <code>
/// Get-MeshPermission Connect-MeshCluster, Get-MeshWorkload, Start-MeshRolloutRestart, Wait-MeshRollout -Namespace shop -For Diagnosis -AsRole -BindTo ops/restarter |
///     kubectl apply -f -
/// </code>
/// <remarks>Roles in the namespaces concerned, a ClusterRole for the rest, and bindings to the service account restarter of the namespace ops.</remarks>
/// </example>
/// <example>
/// <title>What does a service account have?</title>
/// <code>
/// Connect-MeshCluster -AsUser system:serviceaccount:ops:restarter -Name trial
/// Get-MeshPermission Get-MeshWorkload -Cluster trial -AllNamespaces | Format-Table Verb, Resource, Namespace, Allowed, Reason
/// </code>
/// <remarks>Asks as that account would, if one may act as it.</remarks>
/// </example>
/// <seealso cref="TestMeshPermissionCommand"/>
/// <seealso cref="ConnectMeshClusterCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshPermission", DefaultParameterSetName = AsObjects)]
[OutputType(typeof(MeshPermission), ParameterSetName = new[] { AsObjects })]
[OutputType(typeof(string), ParameterSetName = new[] { AsYaml })]
public sealed class GetMeshPermissionCommand : PermissionCmdlet
{
    private const string AsObjects = "Objects";
    private const string AsYaml = "Role";

    /// <summary>Only rights that are needed and that one does not have, or of which that is not known.</summary>
    [Parameter(ParameterSetName = AsObjects)]
    public SwitchParameter Missing { get; set; }

    /// <summary>Writes the least roles as YAML, for kubectl apply, instead of objects.</summary>
    [Parameter(ParameterSetName = AsYaml, Mandatory = true)]
    public SwitchParameter AsRole { get; set; }

    /// <summary>The name of the roles and bindings.</summary>
    [Parameter(ParameterSetName = AsYaml)]
    [ValidateNotNullOrEmpty]
    public string RoleName { get; set; } = "meshroll";

    /// <summary>Whom the roles are bound to: ops/restarter for a service account, user:jane, group:sre. Left out, roles are written alone.</summary>
    [Parameter(ParameterSetName = AsYaml)]
    [ValidateNotNullOrEmpty]
    public string? BindTo { get; set; }

    private protected override Func<ICommandOutput, CancellationToken, Task> Capture(IReadOnlyList<MeshCluster> clusters, PermissionQuery query)
    {
        var (asRole, missing, name, subject) = (AsRole.IsPresent, Missing.IsPresent, RoleName, Attempt(() => BindTo is null ? null : RoleSubject.Parse(BindTo)));
        return async (output, cancellationToken) =>
        {
            foreach (var cluster in clusters)
            {
                if (asRole) await WriteAsync(cluster);
                else await ReadAsync(cluster, query, GiveAsync, output, cancellationToken);
            }

            ValueTask GiveAsync(MeshPermission permission) => missing && permission is not { Needed: true, Allowed: not true } ? ValueTask.CompletedTask : output.WriteAsync(permission);

            async Task WriteAsync(MeshCluster cluster)
            {
                var (yaml, remarks) = await new PermissionReader(cluster.Session!).WriteRolesAsync(query, name, subject, cancellationToken);
                foreach (var remark in remarks) await output.WriteWarningAsync(remark);
                await output.WriteAsync(yaml);
            }
        };
    }
}
