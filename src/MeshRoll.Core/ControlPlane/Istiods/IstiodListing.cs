using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.ControlPlane.Istiods;

/// <summary>The istiods of a cluster, as far as they could be read.</summary>
/// <param name="Istiods">Those found, by namespace and name.</param>
/// <param name="Problem">Why some may be missing, in words; empty when all are known.</param>
internal sealed record IstiodListing(IReadOnlyList<Istiod> Istiods, string Problem)
{
    /// <summary>Whether all are known.</summary>
    public bool Complete => Problem.Length == 0;

    /// <summary>Those of a revision.</summary>
    public IEnumerable<Istiod> Of(string revision) => Istiods.Where(istiod => istiod.Revision == revision);

    /// <summary>Reads them wherever they are; where Deployments of the whole cluster may not be listed, in <paramref name="places"/> alone.</summary>
    public static async Task<IstiodListing> ReadAsync(ClusterSession session, Func<Task<IReadOnlyCollection<string>>> places, CancellationToken cancellationToken)
    {
        try
        {
            return new(await InAsync(session, null, cancellationToken), "");
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return await InPlacesAsync(session, await places(), cancellationToken);
        }
    }

    private static async Task<IstiodListing> InPlacesAsync(ClusterSession session, IReadOnlyCollection<string> places, CancellationToken cancellationToken)
    {
        List<Istiod> found = [];
        var problem = "";
        foreach (var place in places)
        {
            try
            {
                found.AddRange(await InAsync(session, place, cancellationToken));
            }
            catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
            {
                problem = Refusal.InWords(e);
            }
        }
        return new(found, problem);
    }

    private static async Task<List<Istiod>> InAsync(ClusterSession session, string? @namespace, CancellationToken cancellationToken)
    {
        List<Istiod> found = [];
        await foreach (var deployment in session.Client.ListAsync(Resources.Deployments, @namespace, new() { LabelSelector = Istiod.Selector }, cancellationToken)) found.Add(Istiod.Of(deployment));
        found.Sort(static (a, b) => string.CompareOrdinal($"{a.Namespace}/{a.Name}", $"{b.Namespace}/{b.Name}"));
        return found;
    }
}
