namespace MeshRoll.TestControlPlane;

/// <summary>A user that logs in with a bearer token. It may do nothing until a role is bound to it.</summary>
/// <param name="Name">The user name that RBAC sees.</param>
/// <param name="Token">The bearer token.</param>
/// <param name="Groups">The groups that RBAC sees, beside <c>system:authenticated</c>.</param>
public sealed record TokenUser(string Name, string Token, IReadOnlyList<string> Groups);
