using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Api;

public sealed class ReviewsTests
{
    private readonly TestServer _server = new(withAccess: true);

    [Fact]
    public async Task Whoever_may_do_anything_is_told_so()
    {
        var answer = await _server.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            """{"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"resourceAttributes":{"namespace":"shop","verb":"delete","resource":"pods"}}}""");

        Assert.Equal((201, true), (answer.Status, answer.Json().Flag("status", "allowed")));
    }

    [Fact]
    public async Task A_service_account_gets_a_token()
    {
        _server.Add(ApiResources.ServiceAccounts, "robot");
        var answer = await _server.PostAsync("/api/v1/namespaces/shop/serviceaccounts/robot/token", """{"spec":{"expirationSeconds":600}}""");

        Assert.Equal(201, answer.Status);
        Assert.NotEmpty(answer.Json().Text("status", "token")!);
    }

    [Fact]
    public async Task Questions_are_only_asked() => Assert.Equal(405, (await _server.GetAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")).Status);
}
