using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Connections;

/// <summary>A command about namespaces as wholes: those named, else all that concern it.</summary>
public abstract class WholeNamespacesCmdlet : ClusterCmdlet
{
    private readonly ChosenWorkloads _chosen = new();

    /// <summary>Namespaces, with wildcards. Left out, all that have to do with the mesh.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[] Namespace { get; set; } = [];

    /// <summary>The proxies of gateways too.</summary>
    [Parameter]
    public SwitchParameter IncludeGateway { get; set; }

    /// <summary>Whether namespaces are asked for that have nothing to do with a mesh.</summary>
    private protected virtual bool MeansEveryNamespace => false;

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => TryForRecord(() => _chosen.Add(CaptureChoice().Resolve(), CaptureNamespaces()));

    /// <summary>What the records named, by cluster: no namespace means all.</summary>
    private protected IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> Chosen()
    {
        var all = new ChosenWorkloads();
        // Namespaces piped in one by one are one question.
        foreach (var part in _chosen.Merge().GroupBy(part => part.Cluster))
        {
            var everything = part.Any(static one => one.Selection.AllNamespaces || one.Selection.Namespaces.Count == 0);
            string[] names = everything ? [] : [.. part.SelectMany(static one => one.Selection.Namespaces).Distinct(StringComparer.Ordinal)];
            all.Add([part.Key], new() { Namespaces = names, AllNamespaces = MeansEveryNamespace });
        }
        return all.Merge();
    }

    private WorkloadSelection CaptureNamespaces()
    {
        string[] named = [.. (Namespace ?? []).Where(static name => !string.IsNullOrWhiteSpace(name))];
        if (MyInvocation.ExpectingInput && named.Length == 0)
            throw new InvalidRequestException("MeshRoll.NothingNamed", "The object that was piped in names no namespace: it needs the property Namespace.");
        return new() { Namespaces = named, AllNamespaces = MeansEveryNamespace };
    }
}
