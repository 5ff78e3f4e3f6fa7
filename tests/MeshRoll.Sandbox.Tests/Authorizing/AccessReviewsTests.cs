using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Authorizing;

public sealed class AccessReviewsTests : IDisposable
{
    private readonly RbacWorld _world = new();
    private readonly AccessControl _access;

    public AccessReviewsTests()
    {
        _access = new(_world.Cluster);
        _world.Bind("shop", "ClusterRole/view", "User/jane");
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("list", "", "pods", "", "shop", true)]
    [InlineData("get", "", "pods", "log", "shop", true)]
    [InlineData("delete", "", "pods", "", "shop", false)]
    [InlineData("list", "", "pods", "", "bank", false)]
    [InlineData("watch", "apps", "deployments", "", "shop", true)]
    public void One_may_ask_what_one_may_do(string verb, string group, string resource, string subresource, string @namespace, bool allowed)
    {
        var answer = Answer(ReviewKinds.SelfSubjectAccessReviews, Resource(verb, group, resource, subresource, @namespace));
        Assert.Equal(allowed, answer.Flag("status", "allowed"));
        Assert.Equal(allowed ? "RBAC: allowed by RoleBinding \"give-view/shop\" of ClusterRole \"view\" to User \"jane\"" : null, answer.Text("status", "reason"));
        Assert.Equal("SelfSubjectAccessReview", answer.Text("kind"));
        Assert.Equal(verb, answer.Text("spec", "resourceAttributes", "verb"));
    }

    [Fact]
    public void One_may_ask_about_paths()
    {
        Assert.True(Answer(ReviewKinds.SelfSubjectAccessReviews, Path("get", "/version")).Flag("status", "allowed"));
        Assert.False(Answer(ReviewKinds.SelfSubjectAccessReviews, Path("get", "/metrics")).Flag("status", "allowed"));
    }

    [Fact]
    public void One_may_ask_for_others()
    {
        var review = Resource("list", "", "pods", "", "shop");
        review["spec"]!["user"] = "jane";
        Assert.True(Answer(ReviewKinds.SubjectAccessReviews, review, "joe").Flag("status", "allowed"));
        review["spec"]!["user"] = "joe";
        Assert.False(Answer(ReviewKinds.SubjectAccessReviews, review).Flag("status", "allowed"));
        review["spec"]!["groups"] = new JsonArray("system:masters");
        Assert.True(Answer(ReviewKinds.SubjectAccessReviews, review).Flag("status", "allowed"));
    }

    [Fact]
    public void A_local_question_is_about_its_own_namespace()
    {
        var review = Resource("list", "", "pods", "", "shop");
        review["spec"]!["user"] = "jane";
        var answer = Answer(ReviewKinds.LocalSubjectAccessReviews, review, @namespace: "shop");
        Assert.True(answer.Flag("status", "allowed"));
        Assert.Equal("shop", answer.Text("metadata", "namespace"));

        review["metadata"] = new JsonObject();
        AssertRefused(
            ReviewKinds.LocalSubjectAccessReviews, review, "bank",
            ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes.namespace: Invalid value: \"shop\": must match metadata.namespace");
        review["metadata"] = new JsonObject { ["namespace"] = "shop" };
        AssertRefused(ReviewKinds.LocalSubjectAccessReviews, review, "bank", "the namespace of the provided object does not match the namespace sent on the request");
    }

    [Fact]
    public void A_question_about_nothing_makes_no_sense()
    {
        AssertRefused(
            ReviewKinds.SelfSubjectAccessReviews, [], "",
            ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: \"null\": exactly one of nonResourceAttributes or resourceAttributes must be specified");
        var both = Resource("get", "", "pods", "", "");
        both["spec"]!["nonResourceAttributes"] = new JsonObject { ["path"] = "/x", ["verb"] = "get" };
        AssertRefused(
            ReviewKinds.SubjectAccessReviews, both, "",
            ".authorization.k8s.io \"\" is invalid: [spec.nonResourceAttributes: Invalid value: authorization.NonResourceAttributes{Path:\"/x\", Verb:\"get\"}: "
            + "cannot be specified in combination with resourceAttributes, spec.user: Invalid value: \"\": at least one of user or group must be specified]");
        AssertRefused(ReviewKinds.SelfSubjectRulesReviews, [], "", "no namespace on request");
    }

    [Fact]
    public void One_may_ask_for_all_ones_rules()
    {
        var answer = Answer(ReviewKinds.SelfSubjectRulesReviews, new() { ["spec"] = new JsonObject { ["namespace"] = "shop" } });
        Assert.Contains(answer.Items("status", "resourceRules"), rule => rule["resources"]!.ToJsonString().Contains("\"deployments\"", StringComparison.Ordinal));
        Assert.Contains(answer.Items("status", "nonResourceRules"), rule => rule["nonResourceURLs"]!.ToJsonString().Contains("\"/version\"", StringComparison.Ordinal));
        Assert.False(answer.Flag("status", "incomplete"));
        Assert.Null(answer.Text("status", "evaluationError"));
    }

    [Fact]
    public void One_may_ask_who_one_is()
    {
        var answer = Answer(ReviewKinds.SelfSubjectReviews, []);
        Assert.Equal("jane", answer.Text("status", "userInfo", "username"));
        Assert.Equal("""["system:authenticated"]""", answer.At("status", "userInfo", "groups")!.ToJsonString());
    }

    [Fact]
    public void A_token_can_be_asked_about()
    {
        var known = Answer(ReviewKinds.TokenReviews, new() { ["spec"] = new JsonObject { ["token"] = _access.Authenticator.AdminToken } });
        Assert.True(known.Flag("status", "authenticated"));
        Assert.Equal("sandbox-admin", known.Text("status", "user", "username"));
        var unknown = Answer(ReviewKinds.TokenReviews, new() { ["spec"] = new JsonObject { ["token"] = "nope" } });
        Assert.False(unknown.Flag("status", "authenticated"));
    }

    private static JsonObject Resource(string verb, string group, string resource, string subresource, string @namespace)
    {
        var attributes = new JsonObject { ["verb"] = verb, ["group"] = group, ["resource"] = resource, ["namespace"] = @namespace };
        if (subresource.Length > 0) attributes["subresource"] = subresource;
        return new() { ["spec"] = new JsonObject { ["resourceAttributes"] = attributes } };
    }

    private static JsonObject Path(string verb, string path) => new() { ["spec"] = new JsonObject { ["nonResourceAttributes"] = new JsonObject { ["verb"] = verb, ["path"] = path } } };

    private JsonObject Answer(ApiResource kind, JsonObject review, string user = "jane", string @namespace = "") =>
        _access.Reviews.Answer(kind, @namespace, RbacWorld.User(user), review, _world.Cluster.Now);

    private void AssertRefused(ApiResource kind, JsonObject review, string @namespace, string message) =>
        Assert.Equal(message, Assert.Throws<ApiStatusException>(() => Answer(kind, review, @namespace: @namespace)).Message);
}
