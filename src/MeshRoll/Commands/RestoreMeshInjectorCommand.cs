using System.Management.Automation;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Injecting;

namespace MeshRoll.Commands;

/// <summary>Brings Istio's injector webhooks back from a file of Backup-MeshInjector, or of any command that changed them.</summary>
/// <remarks>
/// <para>
/// What is gone is made again, what differs is patched in the fields that differ, what is as it was is left alone. The authority (caBundle) is taken from the own
/// webhook of the revision that is asked, as it is in the cluster now, because the file's may be outdated; only where no webhook of that revision has one, the
/// file's is taken, with a warning.
/// </para>
/// <para>
/// Refused, with file, line and the way out, and nothing changed: a file of another cluster or of none (-Force takes it), one that was cut or is no YAML, foreign
/// kinds, webhooks that are not Istio's, one of a newer Istio than the one that would be asked, and one after which pods would be injected twice or
/// could not be created. Of namespaces only the labels istio-injection and istio.io/rev are brought back.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list, create and patch mutatingwebhookconfigurations, to list namespaces, in istiod's namespace to list services and deployments and to get
/// endpoints, and to get namespace kube-system; what else the file holds, validatingwebhookconfigurations or namespaces, must be listed and patched too.
/// </notes>
/// <example>
/// <title>After an uninstallation took the webhook along</title>
/// <code>Restore-MeshInjector -Path ~/mesh/before-uninstall.yaml</code>
/// <remarks>The webhook is there again, with the same names, selectors and labels.</remarks>
/// </example>
/// <example>
/// <title>What would be brought back?</title>
/// <code>Restore-MeshInjector -Path ~/mesh/before-uninstall.yaml -WhatIf -Verbose</code>
/// <remarks>One line for each object that differs.</remarks>
/// </example>
/// <seealso cref="BackupMeshInjectorCommand"/>
/// <seealso cref="SwitchMeshInjectorCommand"/>
[Cmdlet(VerbsData.Restore, "MeshInjector", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MeshInjectorChange))]
public sealed class RestoreMeshInjectorCommand : InjectorChangeCmdlet
{
    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>Takes a file of another cluster, or one that does not say which it is of; and asks nothing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var (file, force) = (FilePlace(Path), Force.IsPresent);
        RunChange(CaptureChoice().Resolve(), (_, engine, options, cancellationToken) => engine.RestoreAsync(file, force, options, cancellationToken), Path);
    });
}
