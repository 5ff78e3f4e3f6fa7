using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>DELETE on a resource in one namespace (or on a cluster-wide one): all objects that the selectors choose, one after the other.</summary>
internal sealed class DeleteCollection(Cluster cluster, Answers answers)
{
    public Task AnswerAsync(ApiCall call)
    {
        // Namespaces go one by one; nothing is deleted across all namespaces.
        if (call.Resource == ApiResources.Namespaces || (call.Resource.Namespaced && call.Namespace.Length == 0)) throw ApiErrors.MethodNotAllowed();
        var options = RequestOptions.Delete(call.Request);
        var selection = Selection.Of(call);
        var page = cluster.Simulation.Enter(() =>
        {
            var deleted = new List<StoredObject>();
            foreach (var stored in cluster.Store.List(call.Resource, call.Namespace).Where(selection.Matches).ToList())
            {
                // One deletion may take others with it.
                if (cluster.Store.FindByUid(stored.Uid) is { } present) deleted.Add(cluster.Delete(present, options).Object);
            }
            return new ListPage(cluster.Store.Version, deleted);
        });
        return answers.ListAsync(call, page);
    }
}
