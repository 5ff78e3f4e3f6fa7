using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Api;

/// <summary>Questions that are asked by creating them: what somebody may do, who somebody is. The answer is the object with its status; nothing is kept.</summary>
internal sealed class Reviews(Cluster cluster, AccessReviews reviews)
{
    /// <summary>Answers one question.</summary>
    public Task AnswerAsync(HttpRequest request, HttpResponse response, ApiResource kind, CancellationToken cancellationToken)
    {
        // A local question is asked in a namespace, and no other one is.
        if (kind.Namespaced != request.Target.Namespace.Length > 0) throw ApiErrors.NoSuchPath();
        if (request.Target.Verb != "create" || request.Target.Name.Length > 0 || request.Target.Subresource.Length > 0) throw ApiErrors.MethodNotAllowed();
        var call = new ApiCall(request, response, kind, cancellationToken);
        var question = ObjectBody.Read(call);
        var answer = cluster.Simulation.Enter(() => reviews.Answer(kind, call.Namespace, request.Identity ?? Identity.Anonymous, question, cluster.Now));
        return Answers.DocumentAsync(call, 201, answer);
    }
}
