using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>The pods of istiod in a cluster, as far as they could be found.</summary>
/// <param name="Pods">Those found, by namespace and name.</param>
/// <param name="Problem">Why others may be missing, in words; empty when all are known.</param>
internal sealed record IstiodListing(IReadOnlyList<IstiodPod> Pods, string Problem)
{
    private const string UsualNamespace = "istio-system";

    /// <summary>Finds them wherever they are; who may not list the pods of the whole cluster finds them where injectors point to, and in Istio's usual namespace.</summary>
    public static async Task<IstiodListing> ReadAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        try
        {
            return new(Sorted(await InAsync(session, null, cancellationToken)), "");
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return await InPlacesAsync(session, cancellationToken);
        }
    }

    private static async Task<IstiodListing> InPlacesAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        var (tags, problem) = await TryTagsAsync(session, cancellationToken);
        SortedSet<string> places = new(StringComparer.Ordinal) { UsualNamespace };
        places.UnionWith(tags.Revisions.Select(static revision => revision.IstiodNamespace).Where(static place => place.Length > 0));
        List<IstiodPod> found = [];
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
        return new(Sorted(found), problem);
    }

    /// <summary>Revisions and tags by their webhooks, and what is unknown where these cannot be read.</summary>
    public static async Task<(RevisionTags Tags, string Problem)> TryTagsAsync(ClusterSession session, CancellationToken cancellationToken)
    {
        try
        {
            List<Kubernetes.Models.MutatingWebhookConfiguration> webhooks = [];
            await foreach (var webhook in session.Client.ListAsync(Resources.MutatingWebhookConfigurations, null, cancellationToken: cancellationToken)) webhooks.Add(webhook);
            return (RevisionTags.From(webhooks), "");
        }
        catch (MeshRollException e) when (Refusal.IsOfThisPart(e))
        {
            return (RevisionTags.From(null), Refusal.InWords(e));
        }
    }

    private static async Task<List<IstiodPod>> InAsync(ClusterSession session, string? @namespace, CancellationToken cancellationToken)
    {
        List<IstiodPod> found = [];
        await foreach (var pod in session.Client.ListAsync(Resources.Pods.Raw, @namespace, new() { LabelSelector = Istiod.Selector }, cancellationToken)) found.Add(IstiodPod.Of(pod));
        return found;
    }

    private static List<IstiodPod> Sorted(List<IstiodPod> pods)
    {
        pods.Sort(static (a, b) => string.CompareOrdinal($"{a.Namespace}/{a.Name}", $"{b.Namespace}/{b.Name}"));
        return pods;
    }
}
