using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Lets those who may act as somebody else, by the headers of <c>kubectl --as</c> (the impersonation filter of k8s.io/apiserver).</summary>
internal static class Impersonation
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";
    private const string AuthenticationGroup = "authentication.k8s.io";

    /// <summary>As whom a request acts: mostly as who sent it.</summary>
    /// <exception cref="ApiStatusException">He may not act as this user, or does not say as which.</exception>
    public static Identity Resolve(HttpRequest request, Identity who, RbacRules rules)
    {
        var user = request.Header(UserHeader);
        var groups = Values(request.Header(GroupHeader));
        var uid = request.Header(UidHeader);
        var extra = Extra(request);
        if (user.Length == 0)
        {
            if (groups.Length == 0 && uid.Length == 0 && extra is null) return who;
            throw ApiStatusException.Internal("requested groups, a UID or extra fields without impersonating a user");
        }

        var isAccount = ServiceAccountNames.TrySplit(user, out var @namespace, out var account);
        Require(isAccount
            ? new() { Verb = "impersonate", Resource = "serviceaccounts", Namespace = @namespace, Name = account }
            : new() { Verb = "impersonate", Resource = "users", Name = user });
        foreach (var group in groups) Require(new() { Verb = "impersonate", Resource = "groups", Name = group });
        foreach (var (key, values) in extra ?? [])
        {
            foreach (var value in values) Require(new() { Verb = "impersonate", Group = AuthenticationGroup, Resource = "userextras", Subresource = key, Name = value });
        }
        if (uid.Length > 0) Require(new() { Verb = "impersonate", Group = AuthenticationGroup, Resource = "uids", Name = uid });

        if (groups.Length == 0 && isAccount) groups = ServiceAccountNames.Groups(@namespace);
        return new(user, Completed(user, groups), uid, extra);

        void Require(AccessAttributes what)
        {
            var decision = rules.Decide(who, what);
            if (!decision.Allowed) throw AccessRefusal.Of(who, what, decision.Reason);
        }
    }

    /// <summary>Everybody is either authenticated or not, whatever groups were named.</summary>
    private static string[] Completed(string user, string[] groups)
    {
        if (groups.Contains(Identity.UnauthenticatedGroup)) return groups;
        if (user == Identity.Anonymous.Name) return [.. groups, Identity.UnauthenticatedGroup];
        return groups.Contains(Identity.AuthenticatedGroup) ? groups : [.. groups, Identity.AuthenticatedGroup];
    }

    private static Dictionary<string, IReadOnlyList<string>>? Extra(HttpRequest request)
    {
        Dictionary<string, IReadOnlyList<string>>? extra = null;
        foreach (var (name, value) in request.Headers)
        {
            if (!name.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase)) continue;
            (extra ??= new(StringComparer.Ordinal))[Uri.UnescapeDataString(name[ExtraPrefix.Length..].ToLowerInvariant())] = Values(value);
        }
        return extra;
    }

    private static string[] Values(string header) => header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
