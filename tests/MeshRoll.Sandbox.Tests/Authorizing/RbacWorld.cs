using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

/// <summary>A cluster with two namespaces whose roles a test hands out in a line each.</summary>
internal sealed class RbacWorld : IDisposable
{
    public RbacWorld()
    {
        Simulation = new Simulation(new SimulationOptions { Scale = double.PositiveInfinity });
        Cluster = new Cluster(Simulation);
        Rules = new RbacRules(Cluster);
        foreach (var name in (string[])["shop", "bank"]) Create(ApiResources.Namespaces, "", name, []);
    }

    public Simulation Simulation { get; }

    public Cluster Cluster { get; }

    public RbacRules Rules { get; }

    public static Identity User(string name, params string[] groups) => new(name, [.. groups, Identity.AuthenticatedGroup]);

    /// <summary>A rule from its parts, each a list with blanks between: <c>Rule("get list", "pods")</c>; "core" is the empty group.</summary>
    public static JsonObject Rule(string verbs, string resources, string groups = "core", string names = "")
    {
        var rule = new JsonObject { ["apiGroups"] = List(groups), ["resources"] = List(resources), ["verbs"] = List(verbs) };
        if (names.Length > 0) rule["resourceNames"] = List(names);
        return rule;
    }

    public static JsonObject UrlRule(string verbs, string urls) => new() { ["nonResourceURLs"] = List(urls), ["verbs"] = List(verbs) };

    public StoredObject Role(string @namespace, string name, params JsonObject[] rules) =>
        Create(ApiResources.Roles, @namespace, name, new JsonObject { ["rules"] = new JsonArray([.. rules]) });

    public StoredObject ClusterRole(string name, params JsonObject[] rules) =>
        Create(ApiResources.ClusterRoles, "", name, new JsonObject { ["rules"] = new JsonArray([.. rules]) });

    /// <summary>Binds a role (<c>Role/reader</c>) to a subject (<c>User/jane</c>, <c>Group/ops</c>, <c>ServiceAccount/bank/robot</c>).</summary>
    public StoredObject Bind(string @namespace, string role, params string[] subjects) => Create(ApiResources.RoleBindings, @namespace, Name(role), Binding(role, subjects));

    public StoredObject BindEverywhere(string role, params string[] subjects) => Create(ApiResources.ClusterRoleBindings, "", Name(role), Binding(role, subjects));

    public StoredObject Create(ApiResource resource, string @namespace, string name, JsonObject body, WriteOptions? options = null)
    {
        body["metadata"] = new JsonObject { ["name"] = name };
        return Simulation.Enter(() => Cluster.Create(resource, @namespace, body, options));
    }

    public void Delete(StoredObject stored) => Simulation.Enter(() => Cluster.Delete(stored));

    public void Dispose() => Simulation.Dispose();

    public static JsonObject Binding(string role, params string[] subjects)
    {
        var parts = role.Split('/');
        return new()
        {
            ["roleRef"] = new JsonObject { ["kind"] = parts[0], ["name"] = parts[1] },
            ["subjects"] = new JsonArray([.. subjects.Select(Subject)]),
        };
    }

    private static JsonObject Subject(string text)
    {
        var parts = text.Split('/');
        var subject = new JsonObject { ["kind"] = parts[0], ["name"] = parts[^1] };
        if (parts.Length == 3) subject["namespace"] = parts[1];
        return subject;
    }

    private static string Name(string role) => $"give-{role.Split('/')[1].Replace(':', '-')}";

    private static JsonArray List(string text) => [.. text.Split(' ').Select(part => JsonValue.Create(part == "core" ? "" : part))];
}
