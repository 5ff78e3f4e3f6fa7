using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Backup;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;

namespace MeshRoll.Commands;

/// <summary>Keeps Istio's injector webhooks in a file, for Restore-MeshInjector or kubectl apply.</summary>
/// <remarks>
/// <para>
/// Uninstalling a revision of Istio can delete the webhook that all namespaces follow. Keep it before, and bring it back after.
/// </para>
/// <para>
/// The file is YAML in UTF-8 and holds the whole objects without what only the server can say (uid, resourceVersion, managedFields, owners). Comments at its head
/// name the cluster and Istio's versions; Restore-MeshInjector refuses a file of another cluster. It is written whole or not at all.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list mutatingwebhookconfigurations and to get namespace kube-system; to list validatingwebhookconfigurations, where the default
/// validator is to be kept too.
/// </notes>
/// <example>
/// <title>All injectors, into the current location</title>
/// <code>$backup = Backup-MeshInjector</code>
/// <remarks>$backup.Path is the file, named after cluster and time.</remarks>
/// </example>
/// <example>
/// <title>Before an old revision goes</title>
/// <code>
/// $backup = Get-MeshInjector -Revision default | Backup-MeshInjector -Path ~/mesh/before-uninstall.yaml
/// istioctl uninstall --revision default
/// $backup | Restore-MeshInjector
/// </code>
/// <remarks>The restored webhook asks whom it asked before, and trusts whom that revision's own webhook says.</remarks>
/// </example>
/// <seealso cref="RestoreMeshInjectorCommand"/>
/// <seealso cref="GetMeshInjectorCommand"/>
[Cmdlet(VerbsData.Backup, "MeshInjector", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshInjectorBackup))]
public sealed class BackupMeshInjectorCommand : ClusterCmdlet
{
    private readonly Dictionary<MeshCluster, List<string>> _names = [];

    /// <summary>A folder, or a file that ends in .yaml or .yml. Left out, a file in the current location, named after cluster and time.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Webhooks by name, with wildcards. Left out, all of Istio's injectors, and its default validator.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InjectorNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        foreach (var cluster in CaptureChoice().Resolve())
        {
            if (!_names.TryGetValue(cluster, out var names)) _names[cluster] = names = [];
            names.AddRange((Name ?? []).Where(name => !string.IsNullOrWhiteSpace(name)));
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var place = Path is null ? SessionState.Path.CurrentFileSystemLocation.ProviderPath : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        var (force, isAlone) = (Force.IsPresent, _names.Count == 1);
        Run(async (output, cancellationToken) =>
        {
            foreach (var (cluster, names) in _names)
            {
                var options = new InjectorChangeOptions { BackupPath = place, ReplaceBackup = force, Approve = output.ShouldProcessAsync, Warn = output.WriteWarningAsync };
                try
                {
                    if (await new InjectorEngine(cluster.Session!).BackupAsync(names, options, cancellationToken) is { } backup) await output.WriteAsync(backup);
                }
                catch (MeshRollException e) when (!isAlone)
                {
                    await output.WriteErrorAsync(CommandErrors.From(e, cluster.Name));
                }
            }
        });
    }
}
