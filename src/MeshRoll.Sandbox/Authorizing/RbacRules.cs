using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>
/// Who may do what, by the cluster's roles and bindings (the RBAC authorizer of kube-apiserver). Decides without entering the simulation: what the
/// bindings say is kept until one of them changes.
/// </summary>
internal sealed class RbacRules
{
    private readonly Cluster _cluster;
    private volatile RoleGrants? _grants;

    public RbacRules(Cluster cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += Observe;
    }

    /// <summary>Whether somebody may do something. May be called from anywhere.</summary>
    public AccessDecision Decide(Identity who, AccessAttributes what)
    {
        if (who.IsMaster) return new(true);
        List<string>? problems = null;
        foreach (var grant in Grants().Of(who, what.Namespace))
        {
            foreach (var rule in grant.Rules)
            {
                if (rule.Allows(what)) return new(true, grant);
            }
            if (grant.Problem.Length > 0 && problems?.Contains(grant.Problem) != true) (problems ??= []).Add(grant.Problem);
        }
        return new(false, Problem: Together(problems));
    }

    /// <summary>Whether somebody may do something. May be called from anywhere.</summary>
    public bool Allows(Identity who, AccessAttributes what) => Decide(who, what).Allowed;

    /// <summary>All rules that hold for somebody in a namespace, and what was wrong with the roles. May be called from anywhere.</summary>
    public (IReadOnlyList<PolicyRule> Rules, string Problem) RulesFor(Identity who, string @namespace)
    {
        var rules = new List<PolicyRule>();
        List<string>? problems = null;
        var seen = new HashSet<StoredObject>();
        foreach (var grant in Grants().Of(who, @namespace))
        {
            if (!seen.Add(grant.Binding)) continue;
            rules.AddRange(grant.Rules);
            if (grant.Problem.Length > 0 && problems?.Contains(grant.Problem) != true) (problems ??= []).Add(grant.Problem);
        }
        return (rules, Together(problems));
    }

    private RoleGrants Grants()
    {
        if (_grants is { } known) return known;
        // Made and forgotten inside the simulation only: what is kept is never older than the last change.
        return _cluster.Simulation.Enter(() => _grants ??= new RoleGrants(_cluster.Store));
    }

    private void Observe(StoreChange change)
    {
        if (change.Object.Resource.Group == ApiResources.RbacGroup) _grants = null;
    }

    private static string Together(List<string>? problems) => problems switch
    {
        null => "",
        [var one] => one,
        _ => $"[{string.Join(", ", problems)}]",
    };
}
