using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Workloads;

/// <summary>
/// The names of a namespace's workloads, in the mesh or not, by their metadata alone. For those who name a workload and leave its kind to be found out.
/// </summary>
public sealed class WorkloadNames
{
    private readonly List<WorkloadReference> _all = [];
    private readonly string _namespace;
    private MeshRollException? _refusal;

    private WorkloadNames(string @namespace) => _namespace = @namespace;

    /// <summary>Reads them. A kind that may not be read matters only to whom it might have answered.</summary>
    /// <exception cref="MeshRollException">The cluster cannot be reached, or does not let the user in.</exception>
    public static async Task<WorkloadNames> ReadAsync(ClusterSession session, string @namespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var names = new WorkloadNames(@namespace);
        await AddAsync(Resources.Deployments);
        await AddAsync(Resources.StatefulSets);
        await AddAsync(Resources.DaemonSets);
        if (await session.Client.ServesAsync(Resources.ArgoRollouts, cancellationToken)) await AddAsync(Resources.ArgoRollouts);
        return names;

        async Task AddAsync<T>(Resource<T> resource) where T : class, IKubernetesObject
        {
            try
            {
                await foreach (var found in session.Client.ListMetadataAsync(resource, @namespace, cancellationToken: cancellationToken)) names._all.Add(new(@namespace, resource.Kind, found.Metadata.Name));
            }
            catch (ApiException error) when (Refusal.IsOfThisPart(error))
            {
                names._refusal ??= error;
            }
        }
    }

    /// <summary>The workloads of a name without wildcards, of whichever kind.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    /// <exception cref="MeshRollException">None was found, and not all could be read.</exception>
    public IReadOnlyList<WorkloadReference> Find(WorkloadName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        List<WorkloadReference> found = [.. _all.Where(name.IsMatch)];
        if (found.Count > 0) return found;
        throw _refusal ?? NotFoundException.Workload(name, $"namespace {_namespace}", _all.Select(workload => workload.Name));
    }
}
