using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Injecting;

namespace MeshRoll.Commands;

/// <summary>Makes a tag of Istio point at a revision, or moves it there, as istioctl tag set does.</summary>
/// <remarks>
/// <para>
/// A tag is a name that namespaces carry in the label istio.io/rev instead of a revision's, so that an upgrade moves one tag and not all namespaces. Its webhook is
/// made from the revision's own: service, path, authority, labels and annotations. A tag that is there already is moved only with -Force, in one patch.
/// </para>
/// <para>
/// The tag default takes over all namespaces labelled istio-injection=enabled. Where the unnamed revision's own webhook served them, that one is switched off,
/// in three writes between which every pod is injected once; after a crash the same command finishes it. What it matched is kept in the annotation
/// meshroll.io/selectors, so that Remove-MeshRevisionTag can switch it on again. The validating webhook istiod-default-validator follows.
/// </para>
/// <para>The rules, the backup, the dry run and the trial are those of Switch-MeshInjector.</para>
/// </remarks>
/// <notes>
/// Needs the rights to list, create and patch mutatingwebhookconfigurations, for the tag default to list and patch validatingwebhookconfigurations, to list
/// namespaces, in istiod's namespace to list services and deployments and to get endpoints, and to get namespace kube-system.
/// </notes>
/// <example>
/// <title>A new tag</title>
/// <code>Set-MeshRevisionTag -Tag canary -Revision 1-27-1</code>
/// <remarks>Namespaces labelled istio.io/rev=canary are injected by 1-27-1 from now on.</remarks>
/// </example>
/// <example>
/// <title>Move it with the next upgrade</title>
/// <code>Set-MeshRevisionTag -Tag canary -Revision 1-28-0 -Force</code>
/// <remarks>UndoCommand on the output moves it back.</remarks>
/// </example>
/// <example>
/// <title>Make a revision the default</title>
/// <code>Set-MeshRevisionTag -Tag default -Revision 1-27-1 -WhatIf</code>
/// <remarks>Says in how many writes, before any is made.</remarks>
/// </example>
/// <seealso cref="RemoveMeshRevisionTagCommand"/>
/// <seealso cref="SetMeshNamespaceRevisionCommand"/>
/// <seealso cref="SwitchMeshInjectorCommand"/>
[Cmdlet(VerbsCommon.Set, "MeshRevisionTag", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshInjectorChange))]
public sealed class SetMeshRevisionTagCommand : InjectorChangeCmdlet
{
    /// <summary>The tag.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RevisionTagCompleter))]
    public string Tag { get; set; } = "";

    /// <summary>The revision; default for the one without a name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InjectedRevisionCompleter))]
    public string Revision { get; set; } = "";

    /// <summary>Moves a tag that points at another revision; and asks nothing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var (tag, revision, force) = (Tag, Revision, Force.IsPresent);
        RunChange(CaptureChoice().Resolve(), (_, engine, options, cancellationToken) => engine.SetTagAsync(tag, revision, force, options, cancellationToken), tag);
    });
}
