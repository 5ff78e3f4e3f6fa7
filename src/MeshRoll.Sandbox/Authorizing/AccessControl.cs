using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>All of a cluster's access control: who somebody is, what he may do, and the roles a cluster begins with.</summary>
internal sealed class AccessControl
{
    /// <param name="cluster">The cluster; gets the built-in roles.</param>
    /// <param name="adminToken">The admin's token; null for a new one.</param>
    public AccessControl(Cluster cluster, string? adminToken = null)
    {
        Authenticator = new(cluster, adminToken);
        Rules = new(cluster);
        Reviews = new(Rules, Authenticator);
        TokenRequests = new(cluster, Authenticator);
        cluster.Add(new EscalationCheck(cluster, Rules));
        BuiltInRoles.Give(cluster);
        _ = new RoleAggregation(cluster);
    }

    /// <summary>Who somebody is.</summary>
    public Authenticator Authenticator { get; }

    /// <summary>What he may do.</summary>
    public RbacRules Rules { get; }

    /// <summary>Answers those who ask about it.</summary>
    public AccessReviews Reviews { get; }

    /// <summary>Gives service accounts tokens.</summary>
    public TokenRequests TokenRequests { get; }

    /// <summary>Lets only through to a handler what somebody may do.</summary>
    public IRequestHandler Guard(IRequestHandler inner) => new AuthenticatingHandler(new AuthorizingHandler(inner, Rules), Authenticator);
}
