using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Injecting;

namespace MeshRoll.Commands;

/// <summary>Removes a tag of Istio that no namespace follows any more.</summary>
/// <remarks>
/// <para>
/// Refused while namespaces follow it, for their new pods would come without a sidecar; the error names them. -Force removes it all the same.
/// </para>
/// <para>
/// With the tag default the unnamed revision's own webhook, where it is still there and its istiod is ready, is switched on again and takes over, in writes
/// between which every pod is injected once; after a crash the same command finishes it.
/// </para>
/// <para>What is removed is kept in a file first, whose path is on the output.</para>
/// </remarks>
/// <notes>
/// Needs the rights to list and delete mutatingwebhookconfigurations (for the tag default also to patch them, and to list and patch
/// validatingwebhookconfigurations), to list namespaces, and to get namespace kube-system.
/// </notes>
/// <example>
/// <title>A tag nobody follows</title>
/// <code>Remove-MeshRevisionTag -Tag canary</code>
/// <remarks>UndoCommand on the output makes it again.</remarks>
/// </example>
/// <example>
/// <title>Whoever still follows it first goes to the default</title>
/// <code>
/// Get-MeshInjector -Tag canary | ForEach-Object { Set-MeshNamespaceRevision -Namespace $_.Namespaces -Default }
/// Remove-MeshRevisionTag -Tag canary -Confirm:$false
/// </code>
/// <remarks>Without the first line the command names these namespaces and does nothing.</remarks>
/// </example>
/// <seealso cref="SetMeshRevisionTagCommand"/>
/// <seealso cref="SetMeshNamespaceRevisionCommand"/>
/// <seealso cref="GetMeshInjectorCommand"/>
[Cmdlet(VerbsCommon.Remove, "MeshRevisionTag", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MeshInjectorChange))]
public sealed class RemoveMeshRevisionTagCommand : InjectorChangeCmdlet
{
    /// <summary>The tag.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RevisionTagCompleter))]
    public string Tag { get; set; } = "";

    /// <summary>Removes a tag that namespaces follow; and asks nothing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var (tag, force) = (Tag, Force.IsPresent);
        RunChange(CaptureChoice().Resolve(), (_, engine, options, cancellationToken) => engine.RemoveTagAsync(tag, force, options, cancellationToken), tag);
    });
}
