using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Switching;
using MeshRoll.Injecting;

namespace MeshRoll.Commands;

/// <summary>Says for namespaces who injects their new pods: a revision, a tag, the default one, or nobody.</summary>
/// <remarks>
/// <para>
/// Sets the label istio.io/rev, or istio-injection=enabled with -Default, and takes the other one away, because istio-injection beats istio.io/rev where both are set.
/// Each namespace is one patch with a test on both old values. Running pods keep their sidecars until they are replaced.
/// </para>
/// <para>
/// The rules are those of Switch-MeshInjector: whoever is to inject is there, ready and trusted, a webhook serves the label, and no pod would be injected twice.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list and patch namespaces, to list mutatingwebhookconfigurations, in istiod's namespace to list services and deployments and to get
/// endpoints, and to get namespace kube-system.
/// </notes>
/// <example>
/// <title>A namespace to the new revision</title>
/// <code>Set-MeshNamespaceRevision -Namespace team-a -Revision 1-27-1</code>
/// <remarks>Its pods move with the next release, or with Start-MeshRolloutRestart.</remarks>
/// </example>
/// <example>
/// <title>All that still name a revision, to a tag</title>
/// <code>Get-MeshInjector -Name istio-sidecar-injector-1-26-4 | ForEach-Object { Set-MeshNamespaceRevision -Namespace $_.Namespaces -Tag stable }</code>
/// <remarks>From then on an upgrade moves the tag, and no namespace has to be touched.</remarks>
/// </example>
/// <example>
/// <title>Back to the default, or out of the mesh</title>
/// <code>
/// Set-MeshNamespaceRevision -Namespace team-a -Default
/// Set-MeshNamespaceRevision -Namespace team-b -Remove
/// </code>
/// <remarks>-Default sets istio-injection=enabled; -Remove takes both labels away.</remarks>
/// </example>
/// <seealso cref="SwitchMeshInjectorCommand"/>
/// <seealso cref="GetMeshNamespaceCommand"/>
/// <seealso cref="SetMeshRevisionTagCommand"/>
[Cmdlet(VerbsCommon.Set, "MeshNamespaceRevision", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ToRevision)]
[OutputType(typeof(MeshInjectorChange))]
public sealed class SetMeshNamespaceRevisionCommand : InjectorChangeCmdlet
{
    internal const string ToRevision = "Revision";
    internal const string ToTag = "Tag";
    internal const string ToDefault = "Default";
    internal const string ToNobody = "Remove";

    private readonly Dictionary<MeshCluster, List<string>> _namespaces = [];

    /// <summary>Namespaces, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = [];

    /// <summary>The revision.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ToRevision)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InjectedRevisionCompleter))]
    public string Revision { get; set; } = "";

    /// <summary>The tag.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToTag)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RevisionTagCompleter))]
    public string Tag { get; set; } = "";

    /// <summary>Whoever is the default: istio-injection=enabled.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToDefault)]
    public SwitchParameter Default { get; set; }

    /// <summary>Nobody: takes the labels away.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToNobody)]
    public SwitchParameter Remove { get; set; }

    private protected override bool IsForced => false;

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        foreach (var cluster in CaptureChoice().Resolve())
        {
            if (!_namespaces.TryGetValue(cluster, out var names)) _namespaces[cluster] = names = [];
            names.AddRange(Namespace);
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        NamespaceWish wish = ParameterSetName switch
        {
            ToTag => new NamespaceWish.Tag(Tag),
            ToDefault => new NamespaceWish.Enabled(),
            ToNobody => new NamespaceWish.None(),
            _ => new NamespaceWish.Revision(Revision),
        };
        if (_namespaces.Count == 0) return;
        var namespaces = _namespaces.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. pair.Value.Distinct(StringComparer.Ordinal)]);
        RunChange([.. namespaces.Keys], (cluster, engine, options, cancellationToken) => engine.SetNamespacesAsync(namespaces[cluster], wish, options, cancellationToken), null);
    }
}
