using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Pipeline;

namespace MeshRoll.Connections;

/// <summary>Turns a selection into workloads: those named in full are taken at their word, the others are looked up.</summary>
internal static class WorkloadTargets
{
    /// <summary>The workloads that the selection names in full: namespace, kind and name without wildcards. Null when it has to be looked up.</summary>
    public static IReadOnlyList<WorkloadReference>? NamedInFull(WorkloadSelection selection, string defaultNamespace)
    {
        if (selection.AllNamespaces || selection.LabelSelector is not null || selection.Names.Count == 0) return null;

        IReadOnlyList<string> namespaces = selection.Namespaces.Count > 0 ? selection.Namespaces : [defaultNamespace];
        if (namespaces.Any(NamePattern.HasWildcards)) return null;

        var workloads = new List<WorkloadReference>();
        foreach (var name in selection.Names)
        {
            if (Kinds(name, selection.Kinds) is not { } named) return null;
            workloads.AddRange(from @namespace in namespaces from kind in named.Kinds select new WorkloadReference(@namespace, kind, named.Name));
        }
        return workloads;
    }

    /// <summary>Reads the workloads of a selection that has to be looked up.</summary>
    public static Task LookUpAsync(
        MeshCluster cluster, WorkloadSelection selection, SidecarQuery query, Action<MeshWorkload> found, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadWork.RunAsync<MeshWorkload>(
            [(cluster, selection)],
            (session, chosen, token) => new SidecarInventory(session).ReadWorkloadsAsync(query with { Selection = chosen }, token),
            (_, workload) =>
            {
                found(workload);
                return ValueTask.CompletedTask;
            },
            output,
            cancellationToken);

    // Kinds that cannot be restarted are taken too, as piped objects bring them: what is wrong with them is said where something is done.
    private static (IReadOnlyList<string> Kinds, string Name)? Kinds(string name, IReadOnlyList<string> kinds)
    {
        if (!name.Contains('/', StringComparison.Ordinal) && kinds.Count > 0 && !NamePattern.HasWildcards(name))
            return ([.. kinds.Select(kind => WorkloadKinds.Find(kind) ?? kind)], name);

        return WorkloadName.Parse(name) is { Kind: { } only, Pattern.Literal: { } literal } ? ([only], literal) : null;
    }
}
