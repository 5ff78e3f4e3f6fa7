namespace MeshRoll.Core.Permissions;

/// <summary>Whom a role is bound to.</summary>
/// <param name="Kind">ServiceAccount, User or Group.</param>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">A service account's namespace; empty for the others.</param>
public sealed record RoleSubject(string Kind, string Name, string Namespace = "")
{
    /// <summary>Reads <c>ops/restarter</c> (a service account), <c>user:jane</c> or <c>group:sre</c>.</summary>
    /// <exception cref="InvalidRequestException">It is none of them.</exception>
    public static RoleSubject Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split(':', 2) is [var kind, { Length: > 0 } name])
        {
            if (kind.Equals("user", StringComparison.OrdinalIgnoreCase)) return new("User", name);
            if (kind.Equals("group", StringComparison.OrdinalIgnoreCase)) return new("Group", name);
        }
        else if (text.Split('/') is [{ Length: > 0 } place, { Length: > 0 } account])
        {
            return new("ServiceAccount", account, place);
        }
        throw new InvalidRequestException("MeshRoll.SubjectInvalid", $"'{text}' names nobody that a role can be bound to: write namespace/name for a service account, user:name or group:name.");
    }
}
