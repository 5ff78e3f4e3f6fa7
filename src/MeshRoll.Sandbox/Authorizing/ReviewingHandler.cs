using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Answers what is asked about access itself, which no kept object answers: reviews, and requests for tokens. Hands everything else on.</summary>
internal sealed class ReviewingHandler(IRequestHandler inner, Cluster cluster, AccessReviews reviews, TokenRequests tokens) : IRequestHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        JsonObject? answer;
        try
        {
            answer = Answer(request);
        }
        catch (ApiStatusException refusal)
        {
            await Answers.RefusalAsync(response, refusal, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (answer is null) await inner.HandleAsync(request, response, cancellationToken).ConfigureAwait(false);
        else await response.SendAsync(201, "application/json", PlainJson.Bytes(answer), cancellationToken).ConfigureAwait(false);
    }

    private JsonObject? Answer(HttpRequest request)
    {
        var target = request.Target;
        if (!target.IsResource) return null;
        if (target is { Group: "", Version: "v1", Resource: "serviceaccounts", Subresource: "token" }) return Token(request);
        return ReviewKinds.Find(target.Group, target.Version, target.Resource) is { } kind ? Review(request, kind) : null;
    }

    private JsonObject Review(HttpRequest request, ApiResource kind)
    {
        var target = request.Target;
        if (target.Subresource.Length > 0 || kind.Namespaced != target.Namespace.Length > 0) throw ApiErrors.NoSuchPath();
        if (target.Verb != "create" || target.Name.Length > 0) throw ApiErrors.MethodNotAllowed();
        var review = ObjectBody.Read(request, kind.ApiVersion, kind.Kind);
        var now = cluster.Simulation.Enter(() => cluster.Now);
        return reviews.Answer(kind, target.Namespace, request.Identity ?? Identity.Anonymous, review, now);
    }

    private JsonObject Token(HttpRequest request)
    {
        var target = request.Target;
        if (target.Verb != "create") throw ApiErrors.MethodNotAllowed();
        var asked = ObjectBody.Read(request, "authentication.k8s.io/v1", "TokenRequest");
        return cluster.Simulation.Enter(() =>
        {
            var account = cluster.Store.Find(ApiResources.ServiceAccounts, target.Namespace, target.Name) ?? throw ApiStatusException.NotFound(ApiResources.ServiceAccounts, target.Name);
            return tokens.Answer(account, asked);
        });
    }
}
