using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>
/// Writes the rules of aggregated ClusterRoles: those of all others that their selectors choose, by name, each once (the clusterrole-aggregation
/// controller). So <c>admin</c>, <c>edit</c> and <c>view</c> grow with the roles that users label for them.
/// </summary>
internal sealed class RoleAggregation(Cluster cluster) : Controller(cluster, ApiResources.ClusterRoles)
{
    /// <summary>Gathers the rules of one role now; a role with rules of its own stays as it is.</summary>
    public static void Gather(Cluster cluster, StoredObject role)
    {
        if (role.As<RoleView>().Selectors is not { } selectors) return;
        var gathered = new JsonArray();
        foreach (var selector in selectors)
        {
            foreach (var other in cluster.Store.List(ApiResources.ClusterRoles))
            {
                if (other.Name != role.Name && selector.Matches(other.Labels)) AddRules(gathered, other);
            }
        }
        var present = role.ToJson()["rules"] as JsonArray;
        // No rules and an empty list of them are the same.
        if (gathered.Count + (present?.Count ?? 0) == 0 || JsonNode.DeepEquals(gathered, present)) return;
        cluster.Write(role, json => json["rules"] = gathered);
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target) => Gather(Cluster, target);

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        if (change.Object.Resource != Resource) return;
        // Which role gathers from which is not known without a look at all of them; there are few.
        foreach (var role in Cluster.Store.List(Resource))
        {
            if (role.As<RoleView>().Selectors is not null) Enqueue(role.Namespace, role.Name);
        }
    }

    private static void AddRules(JsonArray gathered, StoredObject role)
    {
        using var document = JsonDocument.Parse(role.Json);
        foreach (var element in document.RootElement.Items("rules"))
        {
            var rule = JsonNode.Parse(element.GetRawText());
            if (!gathered.Any(known => JsonNode.DeepEquals(known, rule))) gathered.Add(rule);
        }
    }
}
