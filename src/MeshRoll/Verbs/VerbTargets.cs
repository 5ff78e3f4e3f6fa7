using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Verbs;

/// <summary>
/// Collects the workloads that a command's records choose, each once, in the order they were named. One named with its kind is taken at its word,
/// one named without is found in its namespace whether it is in the mesh or not, and a pattern means the workloads of the mesh.
/// </summary>
internal sealed class VerbTargets
{
    private readonly List<VerbTarget> _named = [];
    private readonly List<(MeshCluster Cluster, WorkloadSelection Selection)> _kindless = [];
    private readonly ChosenWorkloads _patterns = new();

    /// <summary>Whether nothing was chosen.</summary>
    public bool IsEmpty => _named.Count == 0 && _kindless.Count == 0 && _patterns.Merge().Count == 0;

    /// <summary>Adds what one record chooses.</summary>
    public void Add(IReadOnlyList<MeshCluster> clusters, WorkloadSelection selection)
    {
        foreach (var cluster in clusters)
        {
            if (WorkloadTargets.NamedInFull(selection, cluster.Namespace) is { } named) _named.AddRange(named.Select(workload => new VerbTarget(cluster, workload)));
            else if (IsLiteral(selection)) _kindless.Add((cluster, selection));
            else _patterns.Add([cluster], selection);
        }
    }

    /// <summary>The workloads. What cannot be found is an error of its own.</summary>
    public async Task<IReadOnlyList<VerbTarget>> ResolveAsync(ICommandOutput output, CancellationToken cancellationToken)
    {
        var found = new List<VerbTarget>(_named);
        var read = new Dictionary<(MeshCluster, string), WorkloadNames>();
        foreach (var (cluster, selection) in _kindless) found.AddRange(await FindAsync(cluster, selection, read, output, cancellationToken));
        foreach (var (cluster, selection) in _patterns.Merge())
        {
            await WorkloadTargets.LookUpAsync(cluster, selection, new SidecarQuery { IncludeGateway = true }, workload => Take(cluster, workload), output, cancellationToken);
        }
        return [.. found.DistinctBy(target => (target.Cluster, target.Workload))];

        void Take(MeshCluster cluster, MeshWorkload workload)
        {
            KnownNames.Of(cluster.Session!).Add(workload.Namespace, workload.Kind, workload.Name);
            found.Add(new(cluster, new(workload.Namespace, workload.Kind, workload.Name), IsByPattern: true));
        }
    }

    private static async Task<IReadOnlyList<VerbTarget>> FindAsync(
        MeshCluster cluster, WorkloadSelection selection, Dictionary<(MeshCluster, string), WorkloadNames> read, ICommandOutput output, CancellationToken cancellationToken)
    {
        var found = new List<VerbTarget>();
        IReadOnlyList<string> namespaces = selection.Namespaces.Count > 0 ? selection.Namespaces : [cluster.Namespace];
        foreach (var (@namespace, name) in from place in namespaces from name in selection.Names select (place, name))
        {
            try
            {
                if (!read.TryGetValue((cluster, @namespace), out var names))
                    read[(cluster, @namespace)] = names = await WorkloadNames.ReadAsync(cluster.Session!, @namespace, cancellationToken);
                found.AddRange(names.Find(WorkloadName.Parse(name)).Select(workload => new VerbTarget(cluster, workload)));
            }
            catch (MeshRollException e)
            {
                await output.WriteErrorAsync(CommandErrors.From(e, name));
            }
        }
        return found;
    }

    private static bool IsLiteral(WorkloadSelection selection) =>
        !selection.AllNamespaces && selection.LabelSelector is null && selection.Names.Count > 0 && !selection.Namespaces.Any(NamePattern.HasWildcards)
        && selection.Names.All(name => WorkloadName.Parse(name).IsLiteral);
}

/// <summary>One workload to do something to.</summary>
/// <param name="Cluster">Where.</param>
/// <param name="Workload">Which.</param>
/// <param name="IsByPattern">Whether it was found by a pattern: then nobody named it, and one that does not fit is left alone.</param>
internal sealed record VerbTarget(MeshCluster Cluster, WorkloadReference Workload, bool IsByPattern = false);
