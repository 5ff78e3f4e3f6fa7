using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Api;

public sealed class RefusalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<HttpStatusCode, string, string, string> Refusals => new()
    {
        { HttpStatusCode.NotFound, "NotFound", "MeshRoll.NotFound", "Check the name and the namespace." },
        { HttpStatusCode.Forbidden, "Forbidden", "MeshRoll.Forbidden", "Ask for the permission to get deployments.apps in namespace \"shop\"" },
        { HttpStatusCode.Unauthorized, "Unauthorized", "MeshRoll.Unauthorized", "log in again" },
        { HttpStatusCode.Conflict, "Conflict", "MeshRoll.Conflict", "read it again" },
        { HttpStatusCode.Conflict, "AlreadyExists", "MeshRoll.AlreadyExists", "another name" },
        { HttpStatusCode.UnprocessableEntity, "Invalid", "MeshRoll.Invalid", "Correct" },
        { HttpStatusCode.TooManyRequests, "TooManyRequests", "MeshRoll.TooManyRequests", "busy" },
        { HttpStatusCode.Gone, "Expired", "MeshRoll.Gone", "anew" },
        { HttpStatusCode.InternalServerError, "InternalError", "MeshRoll.ServerError", "Try again" },
        { HttpStatusCode.GatewayTimeout, "Timeout", "MeshRoll.ServerError", "Try again" },
        { HttpStatusCode.BadRequest, "BadRequest", "MeshRoll.BadRequest", "did not understand" },
        { HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", "MeshRoll.Refused", "Check what was asked for" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_says_what_was_asked_what_the_server_said_and_the_way_out(HttpStatusCode code, string reason, string id, string wayOut)
    {
        var answers = new[]
        {
            Refusal(code, reason, "the server's own words", "web", ("FieldValueInvalid", "too long")),
            Answer(StatusProtobuf(code, reason, "the server's own words", "web"), Protobuf, code),
        };
        foreach (var answer in answers)
        {
            await using var client = InTurn(answer).NewClient();

            var failure = await Assert.ThrowsAsync<ApiException>(() => client.GetAsync(Resources.Deployments, "shop", "web", Cancel));

            Assert.Equal((id, code, reason, "the server's own words"), (failure.Id, failure.Code, failure.Reason, failure.ServerMessage));
            Assert.StartsWith("Cannot get deployments.apps \"web\" in namespace \"shop\": the server's own words. ", failure.Message, StringComparison.Ordinal);
            Assert.Contains(wayOut, failure.Message, StringComparison.Ordinal);
            Assert.Equal(new ApiRequestInfo("get", "deployments.apps", "shop", "web"), failure.Request);
        }
    }

    [Fact]
    public async Task A_kind_that_is_not_served_is_told_from_an_object_that_is_not_there()
    {
        var unknownGroup = Answer("404 page not found\n", "text/plain", HttpStatusCode.NotFound);
        var unknownKind = Refusal(HttpStatusCode.NotFound, "NotFound", "the server could not find the requested resource");
        await using var client = InTurn(unknownGroup, unknownKind).NewClient();

        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<ApiException>(() => client.GetAsync(Resources.ArgoRollouts, "shop", "web", Cancel));
            Assert.Equal("MeshRoll.NotFound", failure.Id);
            Assert.Contains("does not serve rollouts.argoproj.io", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a=b=c", null, "\"a=b=c\"")]
    [InlineData(null, "spec.nope=1", "\"spec.nope=1\" (a field selector)")]
    public async Task A_selector_the_server_cannot_read_is_quoted(string? label, string? field, string quoted)
    {
        var server = InTurn(Refusal(HttpStatusCode.BadRequest, "BadRequest", "found '=', expected: ',' or 'end of string'"));

        var failure = await Assert.ThrowsAsync<ApiException>(() => ListTests.ListAsync(server, new() { LabelSelector = label, FieldSelector = field }));

        Assert.Equal("MeshRoll.SelectorInvalid", failure.Id);
        Assert.Contains($"Correct the selector {quoted}.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxys_error_page_is_told_from_the_API_server()
    {
        const string page = "<!DOCTYPE html><html><head><style>x</style></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>";
        var server = InTurn(Answer(page, "text/html", HttpStatusCode.BadGateway));

        var failure = await Assert.ThrowsAsync<ApiException>(() => ListTests.ListAsync(server));

        Assert.Equal(("MeshRoll.ServerError", HttpStatusCode.BadGateway), (failure.Id, failure.Code));
        Assert.Contains("502 Bad Gateway nginx", failure.Message, StringComparison.Ordinal);
        Assert.Contains("proxy", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{\"kind\":\"Status\",\"mess")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "")]
    [InlineData("application/vnd.kubernetes.protobuf", "k8s\0\u007f\u007f\u007f")]
    [InlineData("", "")]
    [InlineData("nonsense", "x")]
    public async Task A_refusal_without_a_readable_Status_is_still_one(string type, string body)
    {
        var answer = Answer(body, "text/plain", HttpStatusCode.Forbidden);
        answer.Content.Headers.Remove("Content-Type");
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        var failure = await Assert.ThrowsAsync<ApiException>(() => ListTests.ListAsync(InTurn(answer)));

        Assert.Equal(("MeshRoll.Forbidden", HttpStatusCode.Forbidden), (failure.Id, failure.Code));
    }

    [Fact]
    public async Task A_redirect_to_somewhere_else_is_a_broken_answer()
    {
        var failure = await Assert.ThrowsAsync<ApiProtocolException>(() => ListTests.ListAsync(InTurn(Answer("Moved", "text/html", HttpStatusCode.Found))));

        Assert.Contains("302", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_error_page_is_read_no_further_than_needed()
    {
        var server = InTurn(Answer(new EndlessStream("<html>", "gateway "), "text/html", HttpStatusCode.BadGateway));

        var failure = await Assert.ThrowsAsync<ApiException>(() => ListTests.ListAsync(server));

        Assert.InRange(failure.Message.Length, 50, 600);
    }
}
