using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.ClusterTests.World;

/// <summary>What a role allows: verbs on resources of one API group.</summary>
public sealed record Rule(string Group, string[] Resources, string[] Verbs);

/// <summary>Gives users rights. Each call returns when the server's authorizer has heard of them: a real one reads roles and bindings by watches.</summary>
public static class Rights
{
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Binds a user to a role of his own, in one namespace or, with null, in the whole cluster.</summary>
    public static async Task GrantAsync(this KubeApi api, string user, string? @namespace, IReadOnlyList<Rule> rules, CancellationToken cancellation)
    {
        var (scope, name) = (@namespace is null ? "Cluster" : "", $"{user}-may");
        await api.CreateAsync(Made($"{scope}Role", ("rules", new JsonArray([.. rules.Select(rule => new JsonObject
        {
            ["apiGroups"] = new JsonArray { rule.Group }, ["resources"] = List(rule.Resources), ["verbs"] = List(rule.Verbs),
        })]))), cancellation);
        await api.CreateAsync(Made($"{scope}RoleBinding",
            ("roleRef", new JsonObject { ["apiGroup"] = Rbac, ["kind"] = $"{scope}Role", ["name"] = name }),
            ("subjects", new JsonArray(new JsonObject { ["kind"] = "User", ["apiGroup"] = Rbac, ["name"] = user }))), cancellation);
        await api.UntilAllowedAsync(user, @namespace, rules[0], cancellation);

        JsonObject Made(string kind, params (string Name, JsonNode Value)[] parts)
        {
            var metadata = new JsonObject { ["name"] = name };
            if (@namespace is not null) metadata["namespace"] = @namespace;
            var body = new JsonObject { ["apiVersion"] = $"{Rbac}/v1", ["kind"] = kind, ["metadata"] = metadata };
            foreach (var (part, value) in parts) body[part] = value;
            return body;
        }
    }

    /// <summary>Waits until a user may do what a rule says.</summary>
    public static async Task UntilAllowedAsync(this KubeApi api, string user, string? @namespace, Rule rule, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await MayAsync(api, user, @namespace, rule, cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{user} may not {rule.Verbs[0]} {rule.Resources[0]}");
            await Task.Delay(50, cancellation);
        }
    }

    private static async Task<bool> MayAsync(KubeApi api, string user, string? @namespace, Rule rule, CancellationToken cancellation)
    {
        var attributes = new JsonObject { ["group"] = rule.Group, ["resource"] = rule.Resources[0], ["verb"] = rule.Verbs[0] };
        if (@namespace is not null) attributes["namespace"] = @namespace;
        var answer = await api.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject { ["user"] = user, ["resourceAttributes"] = attributes },
        }, cancellation);
        return (bool?)answer["status"]?["allowed"] == true;
    }

    private static JsonArray List(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
