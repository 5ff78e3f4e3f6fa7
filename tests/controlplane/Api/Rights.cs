using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Api;

/// <summary>What a role allows: verbs on resources of one API group.</summary>
public sealed record RoleRule(string Group, string[] Resources, string[] Verbs);

/// <summary>Gives users rights.</summary>
public static class Rights
{
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Binds a user to a role of his own, in one namespace or, with null, in the whole cluster. Returns when the server's authorizer has heard of it: a real
    /// one reads roles and bindings by watches.
    /// </summary>
    /// <exception cref="TimeoutException">It has not heard of it within 30 s.</exception>
    public static async Task GrantAsync(this KubeApi api, string user, string? @namespace, IReadOnlyList<RoleRule> rules, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(rules);
        var (role, name) = (@namespace is null ? "ClusterRole" : "Role", $"{user}-may");
        await api.CreateAsync(Made(role, "rules", new JsonArray([.. rules.Select(rule => new JsonObject
        {
            ["apiGroups"] = new JsonArray { rule.Group }, ["resources"] = List(rule.Resources), ["verbs"] = List(rule.Verbs),
        })])), cancellation);
        var binding = Made($"{role}Binding", "roleRef", new JsonObject { ["apiGroup"] = Rbac, ["kind"] = role, ["name"] = name });
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["apiGroup"] = Rbac, ["name"] = user });
        await api.CreateAsync(binding, cancellation);
        // A role is known whole or not at all.
        await UntilAllowedAsync(api, user, @namespace, rules[0], cancellation);

        JsonObject Made(string kind, string part, JsonNode value)
        {
            var metadata = new JsonObject { ["name"] = name };
            if (@namespace is not null) metadata["namespace"] = @namespace;
            return new() { ["apiVersion"] = $"{Rbac}/v1", ["kind"] = kind, ["metadata"] = metadata, [part] = value };
        }
    }

    private static async Task UntilAllowedAsync(KubeApi api, string user, string? @namespace, RoleRule rule, CancellationToken cancellation)
    {
        var attributes = new JsonObject { ["group"] = rule.Group, ["resource"] = rule.Resources[0], ["verb"] = rule.Verbs[0] };
        if (@namespace is not null) attributes["namespace"] = @namespace;
        var question = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject { ["user"] = user, ["resourceAttributes"] = attributes },
        };
        var began = TimeProvider.System.GetTimestamp();
        while ((bool?)(await api.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", question, cancellation))["status"]?["allowed"] != true)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException($"{user} may not {rule.Verbs[0]} {rule.Resources[0]} within {Patience}");
            await Task.Delay(50, cancellation);
        }
    }

    private static JsonArray List(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
