using MeshRoll.Sandbox.Authorizing;

namespace MeshRoll.Sandbox.Api.Subresources;

/// <summary>POST on <c>serviceaccounts/{name}/token</c>: a token for a service account.</summary>
internal sealed class TokenSubresource(Cluster cluster, TokenRequests tokens) : ISubresource
{
    /// <inheritdoc/>
    public Task AnswerAsync(ApiCall call)
    {
        if (call.Target.Verb != "create") throw ApiErrors.MethodNotAllowed();
        var request = ObjectBody.Read(call.Request, "authentication.k8s.io/v1", "TokenRequest");
        return Answers.DocumentAsync(call, 201, cluster.Simulation.Enter(() => tokens.Answer(call.Find(cluster), request)));
    }
}
