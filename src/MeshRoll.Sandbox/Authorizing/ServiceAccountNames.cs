namespace MeshRoll.Sandbox.Authorizing;

/// <summary>How service accounts are called as users (k8s.io/apiserver's authentication/serviceaccount).</summary>
internal static class ServiceAccountNames
{
    private const string Prefix = "system:serviceaccount:";
    private const string Group = "system:serviceaccounts";

    /// <summary>The user's name of a service account.</summary>
    public static string User(string @namespace, string name) => $"{Prefix}{@namespace}:{name}";

    /// <summary>The groups every service account of a namespace is in.</summary>
    public static string[] Groups(string @namespace) => [Group, $"{Group}:{@namespace}"];

    /// <summary>Takes a service account's name as a user apart; false for other users.</summary>
    public static bool TrySplit(string user, out string @namespace, out string name)
    {
        (@namespace, name) = ("", "");
        if (!user.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var parts = user[Prefix.Length..].Split(':');
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0) return false;
        (@namespace, name) = (parts[0], parts[1]);
        return true;
    }
}
