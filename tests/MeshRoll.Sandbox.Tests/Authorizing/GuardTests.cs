using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Authorizing;

/// <summary>What comes through to a handler behind the guard, and in which words the rest is refused.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly RbacWorld _world = new();
    private readonly AccessControl _access;
    private readonly IRequestHandler _guarded;
    private readonly string _jane;
    private Identity? _seen;

    public GuardTests()
    {
        _access = new(_world.Cluster);
        _jane = _access.Authenticator.AddUser("jane");
        _guarded = _access.Guard(new FuncHandler((request, response, token) =>
        {
            _seen = request.Identity;
            return response.SendAsync(200, "text/plain", "in"u8.ToArray(), token);
        }));
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("/version")]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Health_and_version_are_open_to_everybody(string path)
    {
        Assert.Equal(200, (await _guarded.AskAsync("GET", path)).Status);
        Assert.Equal("system:anonymous", _seen!.Name);
        Assert.Equal(401, (await _guarded.AskAsync("GET", path, "wrong")).Status);
    }

    [Theory]
    [InlineData("/api/v1/pods", null)]
    [InlineData("/api/v1/pods", "wrong")]
    [InlineData("/apis", null)]
    [InlineData("/metrics", "")]
    public async Task Whoever_does_not_say_who_he_is_is_refused(string path, string? token)
    {
        var answer = await _guarded.AskAsync("GET", path, token);
        Assert.Equal(401, answer.Status);
        Assert.Equal("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}""", answer.Text);
        Assert.Null(_seen);
    }

    [Theory]
    [InlineData("Bearer {0}", true)]
    [InlineData("bearer   {0} ", true)]
    [InlineData("Bearer {0}x", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic {0}", false)]
    [InlineData("{0}", false)]
    public async Task A_token_is_borne(string authorization, bool isKnown)
    {
        var header = ("Authorization", authorization.Replace("{0}", _jane, StringComparison.Ordinal));
        Assert.Equal(isKnown ? 200 : 401, (await _guarded.AskAsync("GET", "/api", headers: header)).Status);
    }

    [Fact]
    public async Task The_admin_may_do_anything()
    {
        Assert.Equal(200, (await _guarded.AskAsync("DELETE", "/api/v1/nodes/one", _access.Authenticator.AdminToken)).Status);
        Assert.Equal("sandbox-admin", _seen!.Name);
    }

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/pods", "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"", """{"kind":"pods"}""")]
    [InlineData("GET", "/api/v1/pods", "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" at the cluster scope", """{"kind":"pods"}""")]
    [InlineData("GET", "/api/v1/pods?watch=1", "pods is forbidden: User \"jane\" cannot watch resource \"pods\" in API group \"\" at the cluster scope", """{"kind":"pods"}""")]
    [InlineData("GET", "/api/v1/namespaces/shop", "namespaces \"shop\" is forbidden: User \"jane\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"shop\"", """{"name":"shop","kind":"namespaces"}""")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/shop/deployments/cart/scale", "deployments.apps \"cart\" is forbidden: User \"jane\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"shop\"", """{"name":"cart","group":"apps","kind":"deployments"}""")]
    [InlineData("POST", "/api/v1/namespaces/shop/pods/x/eviction", "pods \"x\" is forbidden: User \"jane\" cannot create resource \"pods/eviction\" in API group \"\" in the namespace \"shop\"", """{"name":"x","kind":"pods"}""")]
    [InlineData("DELETE", "/api/v1/namespaces/shop/pods", "pods is forbidden: User \"jane\" cannot deletecollection resource \"pods\" in API group \"\" in the namespace \"shop\"", """{"kind":"pods"}""")]
    [InlineData("GET", "/metrics", "forbidden: User \"jane\" cannot get path \"/metrics\"", "{}")]
    [InlineData("POST", "/a<b", "forbidden: User \"jane\" cannot post path \"/a&lt;b\"", "{}")]
    public async Task What_the_roles_do_not_allow_is_refused_in_the_servers_words(string method, string target, string message, string details)
    {
        var answer = await _guarded.AskAsync(method, target, _jane);
        Assert.Equal(403, answer.Status);
        Assert.Equal(message, answer.Message());
        Assert.Equal("Forbidden", answer.Reason());
        Assert.Equal(details, answer.Json()["details"]!.ToJsonString());
        Assert.Null(_seen);
    }

    [Fact]
    public async Task A_refusal_tells_of_bindings_that_lead_nowhere()
    {
        _world.Bind("shop", "ClusterRole/gone", "User/jane");
        var answer = await _guarded.AskAsync("GET", "/api/v1/namespaces/shop/pods", _jane);
        Assert.Equal(
            "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\": RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found",
            answer.Message());
    }

    [Fact]
    public async Task Every_user_may_look_at_what_there_is()
    {
        foreach (var path in (string[])["/api", "/apis", "/apis/apps/v1", "/openapi/v2", "/version"])
            Assert.Equal(200, (await _guarded.AskAsync("GET", path, _jane)).Status);
    }

    [Fact]
    public async Task A_role_opens_the_door()
    {
        _world.Bind("shop", "ClusterRole/edit", "User/jane");
        Assert.Equal(200, (await _guarded.AskAsync("PATCH", "/apis/apps/v1/namespaces/shop/deployments/cart", _jane, "{}")).Status);
        Assert.Equal(403, (await _guarded.AskAsync("PATCH", "/apis/apps/v1/namespaces/bank/deployments/cart", _jane, "{}")).Status);
    }

    [Fact]
    public async Task The_admin_acts_as_somebody_else_and_has_his_rights_then()
    {
        var admin = _access.Authenticator.AdminToken;
        Assert.Equal(403, (await _guarded.AskAsync("GET", "/api/v1/pods", admin, "", ("Impersonate-User", "joe"))).Status);
        Assert.Equal(200, (await _guarded.AskAsync("GET", "/version", admin, "", ("Impersonate-User", "joe"), ("Impersonate-Group", "ops,dev"), ("Impersonate-Uid", "7"), ("Impersonate-Extra-Acme%2Fscope", "view"))).Status);
        Assert.Equal("joe", _seen!.Name);
        Assert.Equal(["ops", "dev", "system:authenticated"], _seen.Groups);
        Assert.Equal("7", _seen.Uid);
        Assert.Equal(["view"], _seen.Extra["acme/scope"]);
        Assert.Equal(200, (await _guarded.AskAsync("GET", "/api/v1/pods", admin, "", ("Impersonate-User", "joe"), ("Impersonate-Group", "system:masters"))).Status);
    }

    [Fact]
    public async Task Acting_as_a_service_account_brings_its_groups()
    {
        await _guarded.AskAsync("GET", "/version", _access.Authenticator.AdminToken, "", ("Impersonate-User", "system:serviceaccount:shop:robot"));
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"], _seen!.Groups);
        await _guarded.AskAsync("GET", "/version", _access.Authenticator.AdminToken, "", ("Impersonate-User", "system:anonymous"));
        Assert.Equal(["system:unauthenticated"], _seen.Groups);
    }

    [Fact]
    public async Task Acting_as_somebody_else_takes_the_right_to()
    {
        var answer = await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "joe"));
        Assert.Equal(403, answer.Status);
        Assert.Equal("users \"joe\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope", answer.Message());

        _world.ClusterRole("actor", RbacWorld.Rule("impersonate", "users", "core", "joe"), RbacWorld.Rule("impersonate", "userextras/scope", "authentication.k8s.io", "view"));
        _world.BindEverywhere("ClusterRole/actor", "User/jane");
        Assert.Equal(200, (await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "joe"), ("Impersonate-Extra-Scope", "view"))).Status);
        Assert.Equal(403, (await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "joe"), ("Impersonate-Extra-Scope", "edit"))).Status);
        Assert.Equal(403, (await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "joe"), ("Impersonate-Group", "system:masters"))).Status);
        Assert.Equal(403, (await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "joe"), ("Impersonate-Uid", "1"))).Status);
    }

    [Fact]
    public async Task A_namespaces_editor_acts_as_its_service_accounts()
    {
        _world.Bind("shop", "ClusterRole/edit", "User/jane");
        Assert.Equal(200, (await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "system:serviceaccount:shop:robot"))).Status);
        Assert.Equal(403, (await _guarded.AskAsync("GET", "/version", _jane, "", ("Impersonate-User", "system:serviceaccount:bank:robot"))).Status);
    }

    [Fact]
    public async Task Acting_as_nobody_in_a_group_makes_no_sense() =>
        Assert.Equal(500, (await _guarded.AskAsync("GET", "/version", _access.Authenticator.AdminToken, "", ("Impersonate-Group", "ops"))).Status);

    [Fact]
    public async Task No_token_shows_up_in_a_refusal()
    {
        foreach (var target in (string[])["/api/v1/pods", "/metrics"])
        {
            Assert.DoesNotContain(_jane, (await _guarded.AskAsync("GET", target, _jane)).Text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-guess", (await _guarded.AskAsync("GET", target, "secret-guess")).Text, StringComparison.Ordinal);
        }
    }
}
