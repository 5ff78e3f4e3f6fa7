using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Authorizing;

/// <summary>The whole way of a request: token, roles, API server. What <c>kubectl auth can-i</c> says must be what then happens.</summary>
public sealed class GuardedServerTests : IDisposable
{
    private readonly RbacWorld _world = new();
    private readonly AccessControl _access;
    private readonly IRequestHandler _server;
    private readonly string _admin;
    private readonly string _jane;

    public GuardedServerTests()
    {
        _access = new(_world.Cluster);
        _server = _access.Guard(new ApiServer(_world.Cluster, new() { Access = _access }));
        _admin = _access.Authenticator.AdminToken;
        _jane = _access.Authenticator.AddUser("jane");
        _world.Create(ApiResources.ConfigMaps, "shop", "settings", []);
        _world.Create(ApiResources.Secrets, "shop", "password", []);
        _world.Create(ApiResources.ServiceAccounts, "shop", "robot", []);
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("view", "list", "configmaps", true)]
    [InlineData("view", "list", "secrets", false)]
    [InlineData("view", "delete", "configmaps", false)]
    [InlineData("edit", "list", "secrets", true)]
    [InlineData("edit", "delete", "configmaps", true)]
    [InlineData("edit", "create", "roles.rbac.authorization.k8s.io", false)]
    [InlineData("admin", "create", "roles.rbac.authorization.k8s.io", true)]
    public async Task What_a_user_can_is_what_he_is_told_he_can(string role, string verb, string resource, bool allowed)
    {
        await BindAsync(role, "User", "jane");
        Assert.Equal(allowed, await CanIAsync(_jane, verb, resource));
        Assert.True(await CanIAsync(_admin, verb, resource));

        var (method, path) = Request(verb, resource);
        var body = verb == "create" ? """{"metadata":{"name":"new"},"rules":[]}""" : "";
        var answer = await _server.AskAsync(method, path, _jane, body);
        Assert.Equal(allowed, answer.Status < 300);
        if (!allowed) Assert.Equal((403, "Forbidden"), (answer.Status, answer.Reason()));
    }

    [Fact]
    public async Task A_user_without_any_role_may_still_ask()
    {
        Assert.False(await CanIAsync(_jane, "list", "pods"));
        var whoAmI = await _server.AskAsync("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", _jane, """{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}""");
        Assert.Equal("jane", whoAmI.Json().Text("status", "userInfo", "username"));
        var rules = await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", _jane, """{"spec":{"namespace":"shop"}}""");
        Assert.Equal(201, rules.Status);
        var others = await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", _jane, "{}");
        Assert.Equal(
            "subjectaccessreviews.authorization.k8s.io is forbidden: User \"jane\" cannot create resource \"subjectaccessreviews\" in API group \"authorization.k8s.io\" at the cluster scope",
            others.Message());
    }

    [Fact]
    public async Task A_question_can_only_be_asked()
    {
        Assert.Equal(405, (await _server.AskAsync("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", _admin)).Status);
        Assert.Equal(404, (await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/localsubjectaccessreviews", _admin, "{}")).Status);
        Assert.Equal(404, (await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1alpha1/selfsubjectaccessreviews", _admin, "{}")).Status);
        Assert.Equal(400, (await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", _admin, "{")).Status);
        var other = await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", _admin, """{"kind":"Pod","apiVersion":"v1"}""");
        Assert.Equal(400, other.Status);
    }

    [Fact]
    public async Task A_local_question_is_answered_for_its_namespace()
    {
        await BindAsync("view", "User", "jane");
        const string Review = """{"spec":{"user":"jane","resourceAttributes":{"verb":"list","resource":"pods","namespace":"shop"}}}""";
        var answer = await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/namespaces/shop/localsubjectaccessreviews", _admin, Review);
        Assert.True(answer.Json().Flag("status", "allowed"));
        Assert.Equal(422, (await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/namespaces/bank/localsubjectaccessreviews", _admin, Review)).Status);
    }

    [Fact]
    public async Task A_service_account_comes_in_with_a_token_it_was_given()
    {
        await BindAsync("view", "ServiceAccount", "robot");
        var given = await _server.AskAsync("POST", "/api/v1/namespaces/shop/serviceaccounts/robot/token", _admin, """{"spec":{"expirationSeconds":3600}}""");
        Assert.Equal(201, given.Status);
        var token = given.Json().Text("status", "token")!;
        Assert.True(await CanIAsync(token, "list", "configmaps"));
        Assert.Equal(200, (await _server.AskAsync("GET", "/api/v1/namespaces/shop/configmaps/settings", token)).Status);
        Assert.Equal(403, (await _server.AskAsync("GET", "/api/v1/namespaces/bank/configmaps", token)).Status);

        Assert.Equal(404, (await _server.AskAsync("POST", "/api/v1/namespaces/shop/serviceaccounts/nobody/token", _admin, "{}")).Status);
        Assert.Equal(403, (await _server.AskAsync("POST", "/api/v1/namespaces/shop/serviceaccounts/robot/token", token, "{}")).Status);
        Assert.Equal(405, (await _server.AskAsync("GET", "/api/v1/namespaces/shop/serviceaccounts/robot/token", _admin)).Status);

        Assert.Equal(200, (await _server.AskAsync("DELETE", "/api/v1/namespaces/shop/serviceaccounts/robot", _admin)).Status);
        Assert.Equal(401, (await _server.AskAsync("GET", "/api/v1/namespaces/shop/configmaps/settings", token)).Status);
    }

    [Theory]
    [InlineData("POST", "", """{"metadata":{"name":"mine"},"rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["get"]}]}""")]
    [InlineData("PUT", "/mine", """{"metadata":{"name":"mine"},"rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["get"]}]}""")]
    [InlineData("PATCH", "/mine", """{"rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["get"]}]}""")]
    public async Task No_way_of_writing_gives_a_user_more_than_he_has(string method, string path, string body)
    {
        await BindAsync("admin", "User", "jane");
        const string Roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles";
        if (method == "PATCH") Assert.Equal(201, (await _server.AskAsync("POST", Roles, _jane, """{"metadata":{"name":"mine"},"rules":[]}""")).Status);
        var answer = await _server.AskAsync(method, Roles + path, _jane, body);
        Assert.Equal(403, answer.Status);
        Assert.Equal(
            "roles.rbac.authorization.k8s.io \"mine\" is forbidden: user \"jane\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
            + "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\"]}",
            answer.Message());
        Assert.True((await _server.AskAsync(method, Roles + path, _admin, body)).Status < 300);
    }

    [Fact]
    public async Task A_namespaces_admin_hands_out_what_he_has_himself()
    {
        await BindAsync("admin", "User", "jane");
        const string Bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings";
        const string View = """{"metadata":{"name":"joe"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"joe"}]}""";
        Assert.Equal(201, (await _server.AskAsync("POST", Bindings, _jane, View)).Status);
        Assert.True(await CanIAsync(_access.Authenticator.AddUser("joe"), "list", "pods"));
        var more = View.Replace("view", "cluster-admin", StringComparison.Ordinal).Replace("\"joe\"},\"roleRef", "\"joe-too\"},\"roleRef", StringComparison.Ordinal);
        Assert.Equal(403, (await _server.AskAsync("POST", Bindings, _jane, more)).Status);
    }

    [Fact]
    public async Task Acting_as_somebody_else_asks_for_him()
    {
        await BindAsync("view", "User", "jane");
        Assert.True(await CanIAsync(_admin, "list", "pods", ("Impersonate-User", "jane")));
        Assert.False(await CanIAsync(_admin, "delete", "pods", ("Impersonate-User", "jane")));
    }

    private static (string Method, string Path) Request(string verb, string resource)
    {
        var parts = resource.Split('.', 2);
        var prefix = parts.Length == 1 ? "/api/v1" : $"/apis/{parts[1]}/v1";
        return verb switch
        {
            "delete" => ("DELETE", $"{prefix}/namespaces/shop/{parts[0]}/settings"),
            "create" => ("POST", $"{prefix}/namespaces/shop/{parts[0]}"),
            _ => ("GET", $"{prefix}/namespaces/shop/{parts[0]}"),
        };
    }

    private async Task BindAsync(string role, string kind, string name)
    {
        var subject = kind == "ServiceAccount" ? $$"""{"kind":"{{kind}}","name":"{{name}}","namespace":"shop"}""" : $$"""{"kind":"{{kind}}","name":"{{name}}"}""";
        var binding = $$$"""{"metadata":{"name":"{{{role}}}"},"roleRef":{"kind":"ClusterRole","name":"{{{role}}}"},"subjects":[{{{subject}}}]}""";
        Assert.Equal(201, (await _server.AskAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings", _admin, binding)).Status);
    }

    private async Task<bool> CanIAsync(string token, string verb, string resource, params (string Name, string Value)[] headers)
    {
        var parts = resource.Split('.', 2);
        var review = new JsonObject
        {
            ["kind"] = "SelfSubjectAccessReview",
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject { ["namespace"] = "shop", ["verb"] = verb, ["group"] = parts.Length == 1 ? "" : parts[1], ["resource"] = parts[0] },
            },
        };
        var answer = await _server.AskAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", token, review.ToJsonString(), headers);
        Assert.Equal(201, answer.Status);
        return answer.Json().Flag("status", "allowed");
    }
}
