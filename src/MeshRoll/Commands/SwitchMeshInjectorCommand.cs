using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Injecting;

namespace MeshRoll.Commands;

/// <summary>Has another revision of Istio inject new pods, the way this mesh is wired: by service, by tag, or by the labels of namespaces.</summary>
/// <remarks>
/// <para>
/// The command looks who decides: the default revision's webhook, whose service is exchanged; a tag, which is pointed at another revision; or the label
/// istio.io/rev of each namespace, for which -Namespace is needed. It says which way it takes with -WhatIf, with -Verbose, and as Way on the output. Running
/// pods keep their sidecars: they are replaced by releases, or by Start-MeshRolloutRestart.
/// </para>
/// <para>
/// Nothing is changed unless all of this holds: the revision is there, its istiod is ready, somebody stands behind its service, its own webhook has the authority
/// (caBundle) by which the API server trusts it, no namespace would be injected twice, and the API server took the change as a dry run. Then what is there is
/// kept in a file, and only the fields concerned are patched, each with a test on its old value: what somebody else changes meanwhile is a conflict
/// (MeshRoll.Conflict) and is not lost.
/// </para>
/// <para>
/// Before and after, a pod is tried without being created (dryRun), where that is allowed. If no pod could be created after the change, the change is
/// taken back by itself (MeshRoll.InjectionFailed). UndoCommand on the output is the command that takes it back later; pods that were replaced meanwhile are
/// restarted after that.
/// </para>
/// <para>
/// Moving the tag default away from a revision without a name takes several writes, during which pods are injected once at every moment: first the old webhook
/// learns to leave alone what the tag's webhook has injected, then that one comes, then the old one is switched off. After a crash the same command finishes it.
/// </para>
/// <para>This is Istio's alone: Linkerd and Consul have one injector, which is upgraded in place.</para>
/// </remarks>
/// <notes>
/// Needs the rights to list and patch mutatingwebhookconfigurations (for -Namespace to list and patch namespaces; for a tag named default also to create
/// mutatingwebhookconfigurations and to list and patch validatingwebhookconfigurations), to list namespaces, in istiod's namespace to list services and
/// deployments and to get endpoints, and to get namespace kube-system. To try it, to create pods in istiod's namespace and in one that is switched: with
/// dryRun, nothing is created.
/// </notes>
/// <example>
/// <title>What would be done, and which way?</title>
/// <code>Switch-MeshInjector -To 1-27-1 -WhatIf</code>
/// <remarks>All rules are checked, so that this tells too why it would not be done.</remarks>
/// </example>
/// <example>
/// <title>Switch, and keep the way back</title>
/// <code>
/// $switch = Switch-MeshInjector -To 1-27-1 -BackupPath ~/mesh -Confirm:$false
/// $switch.Changes
/// $switch.UndoCommand
/// </code>
/// <remarks>Changes tells field by field what was and what is. Invoke-Expression $switch.UndoCommand takes it back.</remarks>
/// </example>
/// <example>
/// <title>Namespace by namespace</title>
/// <code>Switch-MeshInjector -To 1-27-1 -Namespace team-a, team-b</code>
/// <remarks>For meshes whose namespaces name their revision themselves. With wildcards only namespaces that are injected already are meant.</remarks>
/// </example>
/// <example>
/// <title>One of several tags</title>
/// <code>Switch-MeshInjector -To 1-27-1 -Tag canary</code>
/// <remarks>Namespaces that follow another tag stay where they are.</remarks>
/// </example>
/// <seealso cref="GetMeshInjectorCommand"/>
/// <seealso cref="RestoreMeshInjectorCommand"/>
/// <seealso cref="SetMeshRevisionTagCommand"/>
/// <seealso cref="SetMeshNamespaceRevisionCommand"/>
/// <seealso cref="GetMeshMigrationCommand"/>
[Cmdlet(VerbsCommon.Switch, "MeshInjector", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = AsWired)]
[OutputType(typeof(MeshInjectorChange))]
public sealed class SwitchMeshInjectorCommand : InjectorChangeCmdlet
{
    internal const string AsWired = "AsWired";
    internal const string ByWebhook = "ByWebhook";
    internal const string ByTag = "ByTag";
    internal const string ByNamespace = "ByNamespace";

    /// <summary>The revision that injects new pods from now on; default for the one without a name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AsWired)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByWebhook)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByTag)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByNamespace)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InjectedRevisionCompleter))]
    public string To { get; set; } = "";

    /// <summary>The injector to switch, by its webhook's name, where several are followed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByWebhook, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InjectorNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The tag to switch, where several are followed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByTag)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RevisionTagCompleter))]
    public string Tag { get; set; } = "";

    /// <summary>Namespaces to label with the revision, with wildcards. A tag that they followed is left.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByNamespace)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = [];

    /// <summary>Asks nothing. No rule is left out.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var request = new SwitchRequest
        {
            To = To,
            Name = ParameterSetName == ByWebhook ? Name : null,
            Tag = ParameterSetName == ByTag ? Tag : null,
            Namespaces = ParameterSetName == ByNamespace ? [.. Namespace] : [],
        };
        RunChange(CaptureChoice().Resolve(), (_, engine, options, cancellationToken) => engine.SwitchAsync(request, options, cancellationToken), To);
    });
}
