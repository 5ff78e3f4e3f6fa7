using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Gives Istio's injector webhooks: whom each really asks, which namespaces it serves, and whether that works.</summary>
/// <remarks>
/// <para>
/// Revision is what the webhook is labelled with, AsksRevision whom its service leads to. The two differ once somebody pointed the webhook at another istiod.
/// Namespaces are those whose pods are injected without asking for it themselves.
/// </para>
/// <para>
/// Health is Broken when pods that the webhook matches could not be created (or, with FailurePolicy Ignore, would come without a sidecar): nobody stands ready
/// behind the service, or the authority in caBundle is not istiod's. Inactive means that a tag named default has taken over.
/// </para>
/// </remarks>
/// <notes>
/// Needs the right to list mutatingwebhookconfigurations; to tell more, to list namespaces, and in istiod's namespace to list services and deployments and to
/// get endpoints. What may not be read is empty, and Reason says so.
/// </notes>
/// <example>
/// <title>Who injects, and does it work?</title>
/// <code>Get-MeshInjector</code>
/// <remarks>One line for each webhook.</remarks>
/// </example>
/// <example>
/// <title>What is broken</title>
/// <code>Get-MeshInjector | Where-Object Health -EQ Broken | Format-List Name, Service, CaBundle, Reason, Namespaces</code>
/// <remarks>With FailurePolicy Fail no pod can be created in these namespaces.</remarks>
/// </example>
/// <example>
/// <title>Which webhooks would be lost with the old revision?</title>
/// <code>Get-MeshInjector -Revision default | Backup-MeshInjector</code>
/// <remarks>They carry its label, and uninstalling it may delete them, whomever they ask now: keep them first.</remarks>
/// </example>
/// <seealso cref="SwitchMeshInjectorCommand"/>
/// <seealso cref="BackupMeshInjectorCommand"/>
/// <seealso cref="GetMeshControlPlaneCommand"/>
[Cmdlet(VerbsCommon.Get, "MeshInjector")]
[OutputType(typeof(MeshInjector))]
public sealed class GetMeshInjectorCommand : ClusterCmdlet
{
    /// <summary>Webhooks by name, with wildcards. Left out, all of Istio's injectors.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InjectorNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only what is labelled with, or asks, one of these revisions; with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InjectedRevisionCompleter))]
    public string[] Revision { get; set; } = [];

    /// <summary>Only what serves one of these tags; with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RevisionTagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var (names, revisions, tags) = (Patterns(Name), Patterns(Revision), Patterns(Tag));
        var parts = CaptureChoice().Resolve().Select(cluster => (cluster, new WorkloadSelection())).ToList();
        Run((output, cancellationToken) => ReadAsync(parts, names, revisions, tags, output, cancellationToken));
    });

    private static async Task ReadAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, NamePattern[] names, NamePattern[] revisions, NamePattern[] tags, ICommandOutput output, CancellationToken cancellationToken)
    {
        var found = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        await ReadWork.RunAsync(
            parts,
            (session, _, token) => new InjectorReader(session).ReadAsync(token),
            (_, injector) =>
            {
                found[injector.Name] = true;
                var isMeant = Fits(names, injector.Name) && (Fits(revisions, injector.Revision) || (injector.AsksRevision is { } asked && Fits(revisions, asked)))
                    && (tags.Length == 0 || (injector.Tag is { } tag && Fits(tags, tag)));
                return isMeant ? output.WriteAsync(injector) : ValueTask.CompletedTask;
            },
            output,
            cancellationToken);
        foreach (var name in names.Where(name => name.Literal is { } literal && !found.ContainsKey(literal)))
        {
            await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.InjectorNotFound", ErrorCategory.ObjectNotFound, $"There is no injector webhook {name} of Istio.{NearMatches.Sentence(name.Text, found.Keys)}", name.Text));
        }
    }

    private static bool Fits(NamePattern[] patterns, string name) => patterns.Length == 0 || Array.Exists(patterns, pattern => pattern.IsMatch(name));

    private static NamePattern[] Patterns(string[]? texts) => [.. (texts ?? []).Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => new NamePattern(text))];
}
