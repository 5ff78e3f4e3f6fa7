using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Permissions;
using MeshRoll.Pipeline;

namespace MeshRoll.Permissions;

/// <summary>A command that is about the rights which other commands need.</summary>
public abstract class PermissionCmdlet : ClusterCmdlet
{
    private readonly List<string> _cmdlets = [];
    private readonly HashSet<MeshCluster> _clusters = [];
    private bool _all;

    /// <summary>Commands of MeshRoll, with wildcards. Left out, all. Get-Command -Module MeshRoll can be piped in.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CmdletCompleter))]
    public string[] Cmdlet { get; set; } = [];

    /// <summary>
    /// Features whose rights are needed too, with wildcards; * for all: Surge, Evict, Auto and ReplicaSets (of -Strategy), IncludeLog, Nodes and
    /// Diagnosis (what a restart looks at beside its workloads), Search (workloads chosen by wildcards or labels instead of kind/name).
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[] For { get; set; } = [];

    /// <summary>Namespaces that will be worked on, with wildcards. Left out, the connection's own.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = [];

    /// <summary>All namespaces will be worked on.</summary>
    [Parameter]
    public SwitchParameter AllNamespaces { get; set; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => TryForRecord(() =>
    {
        string[] named = [.. Cmdlet.Where(name => !string.IsNullOrWhiteSpace(name))];
        PermissionReader.Check(new() { Cmdlets = named, Features = For });
        _cmdlets.AddRange(named);
        _all |= named.Length == 0 && !MyInvocation.ExpectingInput;
        _clusters.UnionWith(CaptureChoice().Resolve());
    });

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        if (!_all && _cmdlets.Count == 0) return;
        var query = new PermissionQuery { Cmdlets = _cmdlets, Features = For, Namespaces = Namespace, AllNamespaces = AllNamespaces };
        Run(Capture([.. _clusters], query));
    }

    /// <summary>What is done with the clusters; here parameters can still be read.</summary>
    private protected abstract Func<ICommandOutput, CancellationToken, Task> Capture(IReadOnlyList<MeshCluster> clusters, PermissionQuery query);

    /// <summary>Gives each right as it is known; what is to be said beside goes to warnings and errors. Returns whether all could be read.</summary>
    private protected static async Task<bool> ReadAsync(
        MeshCluster cluster, PermissionQuery query, Func<MeshPermission, ValueTask> found, ICommandOutput output, CancellationToken cancellationToken)
    {
        var whole = true;
        await foreach (var happening in new PermissionReader(cluster.Session!).ReadAsync(query, cancellationToken))
        {
            switch (happening)
            {
                case ReadEvent<MeshPermission>.Found(var permission): await found(permission); break;
                case ReadEvent<MeshPermission>.Remark(var text): await output.WriteWarningAsync(text); break;
                case ReadEvent<MeshPermission>.Failed(var error, var target):
                    whole = false;
                    await output.WriteErrorAsync(Errors.CommandErrors.From(error, target));
                    break;
            }
        }
        return whole;
    }
}
