using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>The roles and bindings every cluster begins with, as far as users meet them (kube-apiserver's bootstrappolicy).</summary>
internal static class BuiltInRoles
{
    private const string AggregateLabel = "rbac.authorization.k8s.io/aggregate-to-";

    /// <summary>Makes those that are missing. Call inside the simulation.</summary>
    public static void Create(Cluster cluster)
    {
        Role(cluster, "cluster-admin", BuiltInRules.ClusterAdmin);
        Role(cluster, "system:discovery", BuiltInRules.Discovery);
        Role(cluster, "system:monitoring", BuiltInRules.Monitoring);
        Role(cluster, "system:basic-user", BuiltInRules.BasicUser);
        Role(cluster, "system:public-info-viewer", BuiltInRules.PublicInfoViewer);
        Role(cluster, "system:auth-delegator", BuiltInRules.AuthDelegator);
        Role(cluster, "system:aggregate-to-admin", BuiltInRules.Admin, "admin");
        Role(cluster, "system:aggregate-to-edit", BuiltInRules.Edit, "edit");
        Role(cluster, "system:aggregate-to-view", BuiltInRules.View, "view");
        // Argo Rollouts brings these; its Rollouts are served, so it is installed.
        Role(cluster, "argo-rollouts-aggregate-to-edit", BuiltInRules.EditRollouts, "edit");
        Role(cluster, "argo-rollouts-aggregate-to-view", BuiltInRules.ViewRollouts, "view");
        // As they would be gathered: by the names of the roles they are gathered from.
        IReadOnlyList<PolicyRule> view = [.. BuiltInRules.ViewRollouts, .. BuiltInRules.View];
        IReadOnlyList<PolicyRule> edit = [.. BuiltInRules.EditRollouts, .. BuiltInRules.Edit, .. view];
        AggregatedRole(cluster, "view", view, "edit");
        AggregatedRole(cluster, "edit", edit, "admin");
        AggregatedRole(cluster, "admin", [.. edit, .. BuiltInRules.Admin], "");

        Binding(cluster, "cluster-admin", Identity.MastersGroup);
        Binding(cluster, "system:discovery", Identity.AuthenticatedGroup);
        Binding(cluster, "system:basic-user", Identity.AuthenticatedGroup);
        Binding(cluster, "system:public-info-viewer", Identity.AuthenticatedGroup, Identity.UnauthenticatedGroup);
        Binding(cluster, "system:monitoring", "system:monitoring");
    }

    private static void Role(Cluster cluster, string name, IEnumerable<PolicyRule> rules, string aggregatedTo = "") =>
        Create(cluster, ApiResources.ClusterRoles, name, aggregatedTo, new JsonObject { ["rules"] = Json(rules) });

    private static void AggregatedRole(Cluster cluster, string name, IEnumerable<PolicyRule> rules, string aggregatedTo)
    {
        var selector = new JsonObject { ["matchLabels"] = new JsonObject { [AggregateLabel + name] = "true" } };
        Create(cluster, ApiResources.ClusterRoles, name, aggregatedTo, new JsonObject
        {
            ["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray { selector } },
            ["rules"] = Json(rules),
        });
    }

    private static void Binding(Cluster cluster, string role, params string[] groups) => Create(cluster, ApiResources.ClusterRoleBindings, role, "", new JsonObject
    {
        ["roleRef"] = new JsonObject { ["apiGroup"] = ApiResources.RbacGroup, ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray([.. groups.Select(group => new JsonObject { ["apiGroup"] = ApiResources.RbacGroup, ["kind"] = "Group", ["name"] = group })]),
    });

    private static void Create(Cluster cluster, ApiResource resource, string name, string aggregatedTo, JsonObject body)
    {
        if (cluster.Store.Find(resource, "", name) is not null) return;
        var labels = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        if (aggregatedTo.Length > 0) labels[AggregateLabel + aggregatedTo] = "true";
        body["metadata"] = new JsonObject
        {
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
            ["labels"] = labels,
            ["name"] = name,
        };
        cluster.Create(resource, "", body, WriteOptions.KnownToBeRight);
    }

    private static JsonArray Json(IEnumerable<PolicyRule> rules)
    {
        var list = new JsonArray();
        foreach (var rule in rules) list.Add(Json(rule));
        return list;
    }

    private static JsonObject Json(PolicyRule rule)
    {
        var json = new JsonObject();
        Add("apiGroups", rule.ApiGroups);
        Add("nonResourceURLs", rule.NonResourceUrls);
        Add("resources", rule.Resources);
        Add("verbs", rule.Verbs);
        return json;

        void Add(string name, IReadOnlyList<string> values)
        {
            if (values.Count == 0) return;
            var list = new JsonArray();
            foreach (var value in values) list.Add(JsonValue.Create(value));
            json[name] = list;
        }
    }
}
