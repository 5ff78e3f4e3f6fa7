using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class AuthenticatorTests : IDisposable
{
    private readonly RbacWorld _world = new();
    private readonly Authenticator _authenticator;

    public AuthenticatorTests() => _authenticator = new(_world.Cluster);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_admin_is_a_master()
    {
        var admin = _authenticator.Authenticate(_authenticator.AdminToken)!;
        Assert.Equal("sandbox-admin", admin.Name);
        Assert.True(admin.IsMaster);
        Assert.Equal("root", new Authenticator(_world.Cluster, "root").AdminToken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("Bearer")]
    public void An_unknown_token_is_nobodys(string token) => Assert.Null(_authenticator.Authenticate(token));

    [Fact]
    public void A_user_has_his_groups_and_is_authenticated()
    {
        var token = _authenticator.AddUser("jane", "ops");
        var jane = _authenticator.Authenticate(token)!;
        Assert.Equal("jane", jane.Name);
        Assert.Equal(["ops", "system:authenticated"], jane.Groups);
        Assert.False(jane.IsMaster);
        Assert.Equal(43, token.Length);
        Assert.NotEqual(token, _authenticator.AddUser("jane", "ops"));
        Assert.Null(_authenticator.Authenticate(token.AsSpan(1)));
    }

    [Fact]
    public void A_removed_user_is_nobody_with_any_of_his_tokens()
    {
        string[] tokens = [_authenticator.AddUser("jane"), _authenticator.AddUser("jane", "ops")];
        var other = _authenticator.AddUser("joe");
        Assert.True(_authenticator.RemoveUser("jane"));
        Assert.False(_authenticator.RemoveUser("jane"));
        Assert.All(tokens, token => Assert.Null(_authenticator.Authenticate(token)));
        Assert.NotNull(_authenticator.Authenticate(other));
    }

    [Fact]
    public void A_service_account_is_in_the_groups_of_all_and_of_its_namespace()
    {
        var account = Account();
        var robot = _authenticator.Authenticate(Issue(account))!;
        Assert.Equal("system:serviceaccount:shop:robot", robot.Name);
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"], robot.Groups);
        Assert.Equal(account.Uid, robot.Uid);
    }

    [Fact]
    public void The_token_of_a_service_account_expires()
    {
        var token = Issue(Account(), TimeSpan.FromMinutes(10));
        _world.Simulation.Enter(() => _world.Simulation.After(TimeSpan.FromMinutes(9), () => Assert.NotNull(_authenticator.Authenticate(token))));
        _world.Simulation.Enter(() => _world.Simulation.After(TimeSpan.FromMinutes(11), () => Assert.Null(_authenticator.Authenticate(token))));
        _world.Simulation.Settle(TimeSpan.FromMinutes(12));
        Assert.Null(_authenticator.Authenticate(token));
    }

    [Fact]
    public void The_token_of_a_service_account_dies_with_it()
    {
        var account = Account();
        var token = Issue(account);
        _world.Delete(account);
        Assert.Null(_authenticator.Authenticate(token));
    }

    [Fact]
    public void A_token_for_a_pod_names_it_and_dies_with_it()
    {
        var account = Account();
        var container = new JsonObject { ["name"] = "app", ["image"] = "cart:1" };
        var pod = _world.Create(ApiResources.Pods, "shop", "cart", new JsonObject { ["spec"] = new JsonObject { ["serviceAccountName"] = "robot", ["containers"] = new JsonArray(container) } });
        var token = _world.Simulation.Enter(() => _authenticator.AddServiceAccountToken(account, TimeSpan.FromHours(1), pod));
        Assert.Equal(["cart"], _authenticator.Authenticate(token)!.Extra["authentication.kubernetes.io/pod-name"]);
        _world.Delete(pod);
        Assert.Null(_authenticator.Authenticate(token));
    }

    [Fact]
    public void A_token_request_is_answered_with_a_token_that_works()
    {
        var answer = Request(new JsonObject { ["spec"] = new JsonObject { ["expirationSeconds"] = 600 } });
        Assert.Equal("TokenRequest", answer.Text("kind"));
        Assert.Equal("robot", answer.Text("metadata", "name"));
        Assert.Equal(_world.Cluster.Now.AddMinutes(10), answer.Time("status", "expirationTimestamp")!.Value, TimeSpan.FromSeconds(1));
        Assert.NotNull(_authenticator.Authenticate(answer.Text("status", "token")!));
    }

    [Theory]
    [InlineData("{'expirationSeconds':599}", "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes")]
    [InlineData("{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'nope'}}", "pods \"nope\" not found")]
    [InlineData("{'boundObjectRef':{'apiVersion':'v1','kind':'Node','name':'one'}}", "cannot bind token to object of type /v1, Kind=Node")]
    public void A_token_request_for_what_cannot_be_is_refused(string spec, string message)
    {
        var request = new JsonObject { ["spec"] = JsonNode.Parse(spec.Replace('\'', '"')) };
        Assert.Equal(message, Assert.Throws<ApiStatusException>(() => Request(request)).Message);
    }

    private StoredObject Account() => _world.Create(ApiResources.ServiceAccounts, "shop", "robot", []);

    private string Issue(StoredObject account, TimeSpan? lifetime = null) =>
        _world.Simulation.Enter(() => _authenticator.AddServiceAccountToken(account, lifetime ?? TimeSpan.FromHours(1)));

    private JsonObject Request(JsonObject request)
    {
        var account = Account();
        return _world.Simulation.Enter(() => new TokenRequests(_world.Cluster, _authenticator).Answer(account, request));
    }
}
