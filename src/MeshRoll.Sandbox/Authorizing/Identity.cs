namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Who asks (user.Info in k8s.io/apiserver).</summary>
internal sealed class Identity
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoExtra = [];

    /// <summary>Members may do anything, whatever the roles say.</summary>
    public const string MastersGroup = "system:masters";

    /// <summary>Everybody who said who he is.</summary>
    public const string AuthenticatedGroup = "system:authenticated";

    /// <summary>Everybody who did not.</summary>
    public const string UnauthenticatedGroup = "system:unauthenticated";

    /// <summary>The user who did not say who he is.</summary>
    public static Identity Anonymous { get; } = new("system:anonymous", [UnauthenticatedGroup]);

    /// <param name="name">The user's name.</param>
    /// <param name="groups">All groups he is in.</param>
    /// <param name="uid">What tells him from an earlier user of the same name; empty for nothing.</param>
    /// <param name="extra">What else is known about him.</param>
    public Identity(string name, IEnumerable<string> groups, string uid = "", IReadOnlyDictionary<string, IReadOnlyList<string>>? extra = null)
    {
        Name = name;
        Groups = [.. groups];
        Uid = uid;
        Extra = extra ?? NoExtra;
        IsMaster = Groups.Contains(MastersGroup);
    }

    /// <summary>The user's name.</summary>
    public string Name { get; }

    /// <summary>All groups he is in.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>What tells him from an earlier user of the same name; empty for nothing.</summary>
    public string Uid { get; }

    /// <summary>What else is known about him, such as the pod a token was made for.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; }

    /// <summary>Whether he may do anything.</summary>
    public bool IsMaster { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
