namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Whether somebody may do something.</summary>
/// <param name="Allowed">Whether he may.</param>
/// <param name="Grant">The binding that allows it; null where none was needed.</param>
/// <param name="Problem">What was wrong with the roles on the way to a no; empty for nothing.</param>
internal readonly record struct AccessDecision(bool Allowed, RoleGrant? Grant = null, string Problem = "")
{
    /// <summary>Why, in the words of a review's <c>status.reason</c>; empty where there is nothing to say.</summary>
    public string Reason
    {
        get
        {
            if (Grant is not null) return $"RBAC: allowed by {Grant}";
            return Problem.Length == 0 ? "" : $"RBAC: {Problem}";
        }
    }
}
