using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>
/// Nobody hands on more than he has: writing a role needs all that the role allows (or the verb escalate), binding one needs all that it allows (or
/// the verb bind). The policybased storages of the real server's RBAC registry.
/// </summary>
internal sealed class EscalationCheck(Cluster cluster, RbacRules rules) : IAdmission
{
    /// <inheritdoc/>
    public bool Concerns(string operation, ApiResource resource) => operation != "DELETE" && resource.Group == ApiResources.RbacGroup;

    /// <inheritdoc/>
    public void Admit(AdmissionRequest request)
    {
        if (request.Resource.Group != ApiResources.RbacGroup || request.Operation == "DELETE") return;
        if (request.By is not { IsMaster: false } who) return;
        if (request.Before is { } before && IsSameButForCollection(before, request.Object)) return;

        if (request.Resource == ApiResources.Roles || request.Resource == ApiResources.ClusterRoles) CheckRole(request, who);
        else CheckBinding(request, who);
    }

    private void CheckRole(AdmissionRequest request, Identity who)
    {
        var role = Read(request.Object, RoleView.Read);
        if (request.Before is not null && SameRules(request.Before, request.Object)) return;
        var name = request.Object.Text("metadata", "name") ?? "";
        var escalate = new AccessAttributes
        {
            Verb = "escalate",
            Group = ApiResources.RbacGroup,
            Resource = request.Resource.Plural,
            Namespace = request.Namespace,
            // A new role has no name in its request's path.
            Name = request.Before is null ? "" : name,
        };
        if (rules.Allows(who, escalate)) return;

        RequireHeld(request, who, name, role.Rules);
        // What a role gathers can grow to anything.
        if (role.Selectors is not null && Missing(who, "", PolicyRule.FullAuthority).Count > 0)
            throw ApiStatusException.Forbidden(request.Resource, name, "must have cluster-admin privileges to use the aggregationRule");
    }

    private void CheckBinding(AdmissionRequest request, Identity who)
    {
        var role = Read(request.Object, BindingView.Read).Role;
        var bind = new AccessAttributes
        {
            Verb = "bind",
            Group = request.Object.Text("roleRef", "apiGroup") ?? "",
            Resource = role.Kind == "Role" ? ApiResources.Roles.Plural : ApiResources.ClusterRoles.Plural,
            Namespace = request.Namespace,
            Name = role.Name,
        };
        // Whatever is no kind of role is left to the validation.
        if (role.Kind is not ("Role" or "ClusterRole") || role.Name.Length == 0 || rules.Allows(who, bind)) return;
        RequireHeld(request, who, request.Object.Text("metadata", "name") ?? "", RoleGrants.RulesOf(cluster.Store, role, request.Namespace));
    }

    private void RequireHeld(AdmissionRequest request, Identity who, string name, IEnumerable<PolicyRule> wanted)
    {
        var missing = Missing(who, request.Namespace, wanted);
        if (missing.Count == 0) return;
        var groups = string.Join(' ', who.Groups.Select(group => $"\"{group}\""));
        var lines = missing.Select(rule => rule.ToString()).Distinct().Order(StringComparer.Ordinal);
        var sentence = $"user \"{who.Name}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', lines)}";
        if (rules.RulesFor(who, request.Namespace).Problem is { Length: > 0 } problem) sentence += $"; resolution errors: [{AsInStorage(problem)}]";
        throw ApiStatusException.Forbidden(request.Resource, name, sentence);
    }

    // Roles are looked up in the storage here, which names resources where the authorizer names kinds.
    private static string AsInStorage(string problem) => problem.Replace("role.rbac", "roles.rbac", StringComparison.Ordinal);

    private IReadOnlyList<PolicyRule> Missing(Identity who, string @namespace, IEnumerable<PolicyRule> wanted) =>
        PolicyCoverage.Missing(rules.RulesFor(who, @namespace).Rules, wanted);

    /// <summary>Whether only what the garbage collector needs was changed: that grants nothing.</summary>
    private static bool IsSameButForCollection(StoredObject before, JsonObject changed)
    {
        var (old, present) = (before.ToJson(), changed.DeepClone().AsObject());
        foreach (var json in (JsonObject[])[old, present])
        {
            var metadata = json.Object("metadata");
            foreach (var name in (string[])["ownerReferences", "finalizers", "managedFields", "resourceVersion"]) metadata.Remove(name);
        }
        return JsonNode.DeepEquals(old, present);
    }

    private static bool SameRules(StoredObject before, JsonObject changed)
    {
        var old = before.ToJson();
        return JsonNode.DeepEquals(old["rules"], changed["rules"]) && JsonNode.DeepEquals(old["aggregationRule"], changed["aggregationRule"]);
    }

    private static T Read<T>(JsonObject json, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(json.ToJsonString());
        return read(document.RootElement);
    }
}
