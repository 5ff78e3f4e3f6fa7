using MeshRoll.Sandbox.Api;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Lets through what the roles allow and refuses the rest. Knows who asks from the <see cref="AuthenticatingHandler"/> before it.</summary>
internal sealed class AuthorizingHandler(IRequestHandler inner, RbacRules rules) : IRequestHandler
{
    /// <inheritdoc/>
    public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        HttpRequest allowed;
        try
        {
            allowed = Check(request);
        }
        catch (ApiStatusException refusal)
        {
            return Answers.RefusalAsync(response, refusal, cancellationToken);
        }
        return inner.HandleAsync(allowed, response, cancellationToken);
    }

    private HttpRequest Check(HttpRequest request)
    {
        var sender = request.Identity ?? Identity.Anonymous;
        var who = Impersonation.Resolve(request, sender, rules);
        // Whoever may do anything need not be understood.
        if (!who.IsMaster)
        {
            var what = AccessAttributes.Of(request);
            var decision = rules.Decide(who, what);
            if (!decision.Allowed) throw AccessRefusal.Of(who, what, decision.Reason);
        }
        return ReferenceEquals(who, request.Identity) ? request : request with { Identity = who };
    }
}
