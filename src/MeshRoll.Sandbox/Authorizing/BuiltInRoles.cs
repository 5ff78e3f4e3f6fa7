using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>The roles and bindings every cluster begins with, as far as users meet them (kube-apiserver's bootstrappolicy).</summary>
/// <remarks>
/// An administrator may do anything without a role, and many a cluster never sees anybody else. So roles become objects only when somebody reads roles for
/// the first time, and bindings likewise.
/// </remarks>
internal sealed class BuiltInRoles
{
    private const string AggregateLabel = "rbac.authorization.k8s.io/aggregate-to-";

    private readonly Cluster _cluster;
    private readonly DateTimeOffset _given;

    // Uids must not depend on when somebody reads them, nor anybody else's on theirs.
    private readonly Random _chance;

    private BuiltInRoles(Cluster cluster) => (_cluster, _given, _chance) = (cluster, cluster.Now, new(cluster.Simulation.Random.Next()));

    /// <summary>Gives a cluster that has none yet all of them.</summary>
    public static void Give(Cluster cluster)
    {
        cluster.Store.BeforeFirstRead(ApiResources.ClusterRoles, new BuiltInRoles(cluster).AddRoles);
        cluster.Store.BeforeFirstRead(ApiResources.ClusterRoleBindings, new BuiltInRoles(cluster).AddBindings);
    }

    private void AddRoles()
    {
        Role("cluster-admin", BuiltInRules.ClusterAdmin);
        Role("system:discovery", BuiltInRules.Discovery);
        Role("system:monitoring", BuiltInRules.Monitoring);
        Role("system:basic-user", BuiltInRules.BasicUser);
        Role("system:public-info-viewer", BuiltInRules.PublicInfoViewer);
        Role("system:auth-delegator", BuiltInRules.AuthDelegator);
        Role("system:aggregate-to-admin", BuiltInRules.Admin, "admin");
        Role("system:aggregate-to-edit", BuiltInRules.Edit, "edit");
        Role("system:aggregate-to-view", BuiltInRules.View, "view");
        // Argo Rollouts brings these; its Rollouts are served, so it is installed.
        Role("argo-rollouts-aggregate-to-edit", BuiltInRules.EditRollouts, "edit");
        Role("argo-rollouts-aggregate-to-view", BuiltInRules.ViewRollouts, "view");
        // As they would be gathered: by the names of the roles they are gathered from.
        IReadOnlyList<PolicyRule> view = [.. BuiltInRules.ViewRollouts, .. BuiltInRules.View];
        IReadOnlyList<PolicyRule> edit = [.. BuiltInRules.EditRollouts, .. BuiltInRules.Edit, .. view];
        AggregatedRole("view", view, "edit");
        AggregatedRole("edit", edit, "admin");
        AggregatedRole("admin", [.. edit, .. BuiltInRules.Admin], "");
    }

    private void AddBindings()
    {
        Binding("cluster-admin", Identity.MastersGroup);
        Binding("system:discovery", Identity.AuthenticatedGroup);
        Binding("system:basic-user", Identity.AuthenticatedGroup);
        Binding("system:public-info-viewer", Identity.AuthenticatedGroup, Identity.UnauthenticatedGroup);
        Binding("system:monitoring", "system:monitoring");
    }

    private void Role(string name, IEnumerable<PolicyRule> rules, string aggregatedTo = "") => Add(ApiResources.ClusterRoles, name, aggregatedTo, new JsonObject { ["rules"] = Json(rules) });

    private void AggregatedRole(string name, IEnumerable<PolicyRule> rules, string aggregatedTo)
    {
        var selector = new JsonObject { ["matchLabels"] = new JsonObject { [AggregateLabel + name] = "true" } };
        Add(ApiResources.ClusterRoles, name, aggregatedTo, new JsonObject
        {
            ["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray { selector } },
            ["rules"] = Json(rules),
        });
    }

    private void Binding(string role, params string[] groups) => Add(ApiResources.ClusterRoleBindings, role, "", new JsonObject
    {
        ["roleRef"] = new JsonObject { ["apiGroup"] = ApiResources.RbacGroup, ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray([.. groups.Select(group => new JsonObject { ["apiGroup"] = ApiResources.RbacGroup, ["kind"] = "Group", ["name"] = group })]),
    });

    // A world may have a past that is played after this; its first namespaces are as old as the cluster.
    private DateTimeOffset Since => _cluster.Store.Find(ApiResources.Namespaces, "", "kube-system")?.Metadata.Created ?? _given;

    private void Add(ApiResource resource, string name, string aggregatedTo, JsonObject body)
    {
        var labels = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        if (aggregatedTo.Length > 0) labels[AggregateLabel + aggregatedTo] = "true";
        body["metadata"] = new JsonObject
        {
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
            ["labels"] = labels,
            ["name"] = name,
            ["uid"] = Cluster.NewUid(_chance),
            ["creationTimestamp"] = JsonAccess.Timestamp(Since),
        };
        _cluster.Store.Add(resource, body);
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
