using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Admission;

public sealed class QuotaAdmissionTests
{
    [Theory]
    [InlineData("pods")]
    [InlineData("count/pods")]
    public void No_pod_is_made_beyond_the_quota_and_one_that_goes_makes_room(string resource)
    {
        var world = With((resource, "2"));
        world.Create(new PodBuilder("one"));
        var second = world.Create(new PodBuilder("two"));
        world.Settle();
        Assert.Equal("2", Quota(world).Text("status", "used", resource));

        var refusal = Assert.Throws<ApiStatusException>(() => world.Create(new PodBuilder("three")));
        Assert.Equal((403, "Forbidden"), (refusal.Code, refusal.Reason));
        Assert.Equal($"pods \"three\" is forbidden: exceeded quota: small, requested: {resource}=1, used: {resource}=2, limited: {resource}=2", refusal.Message);

        world.Cluster.Delete(second);
        world.Settle();
        world.Create(new PodBuilder("three"));
        world.Settle();
        Assert.Equal("2", Quota(world).Text("status", "used", resource));
    }

    [Fact]
    public void Pods_that_were_there_before_the_quota_count_and_those_that_ended_do_not()
    {
        var world = With();
        world.Create(new PodBuilder("one"));
        world.Create(new PodBuilder("done").RestartPolicy("Never").Annotated("completes-after", "1s"));
        world.Settle();
        Limit(world, ("pods", "2"));
        world.Create(new PodBuilder("two"));
        Assert.Throws<ApiStatusException>(() => world.Create(new PodBuilder("three")));
    }

    [Fact]
    public void Requests_are_added_up_and_only_what_is_exceeded_is_named()
    {
        var world = With(("requests.cpu", "1"), ("requests.memory", "1Gi"), ("pods", "10"));
        world.Create(new PodBuilder("one").Requests("750m", "256Mi"));
        var refusal = Assert.Throws<ApiStatusException>(() => world.Create(new PodBuilder("two").Requests("500m", "256Mi")));
        Assert.EndsWith("exceeded quota: small, requested: requests.cpu=500m, used: requests.cpu=750m, limited: requests.cpu=1", refusal.Message, StringComparison.Ordinal);
        world.Settle();
        Assert.Equal("256Mi", Quota(world).Text("status", "used", "requests.memory"));
    }

    [Fact]
    public void Who_says_nothing_about_what_is_limited_is_refused()
    {
        var world = With(("requests.cpu", "1"));
        var refusal = Assert.Throws<ApiStatusException>(() => world.Create(new PodBuilder("one")));
        Assert.EndsWith("failed quota: small: must specify requests.cpu for: app", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_quota_everything_is_possible_again()
    {
        var world = With(("pods", "0"));
        Assert.Throws<ApiStatusException>(() => world.Create(new PodBuilder()));
        world.Cluster.Delete(world.Cluster.Store.Find(ApiResources.ResourceQuotas, "shop", "small")!);
        world.Create(new PodBuilder());
    }

    private static NodeWorld With(params (string Resource, string Limit)[] hard)
    {
        var world = new NodeWorld();
        world.Cluster.Add(new QuotaAdmission(world.Cluster));
        if (hard.Length > 0) Limit(world, hard);
        return world;
    }

    private static void Limit(NodeWorld world, params (string Resource, string Limit)[] hard)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "small" } };
        foreach (var (resource, limit) in hard) body.Object("spec", "hard")[resource] = limit;
        world.Cluster.Create(ApiResources.ResourceQuotas, "shop", body);
    }

    private static JsonObject Quota(NodeWorld world) => world.Cluster.Store.Find(ApiResources.ResourceQuotas, "shop", "small")!.ToJson();
}
