namespace MeshRoll.Core.Permissions;

/// <summary>One rule of a role: the same verbs on some resources of one group.</summary>
internal sealed record RoleRule(string Group, IReadOnlyList<string> Resources, IReadOnlyList<string> Names, IReadOnlyList<string> Verbs)
{
    private static readonly string[] s_verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];

    /// <summary>Whether it is about paths and not resources.</summary>
    public bool IsPath => Resources[0].StartsWith('/');

    /// <summary>The fewest rules that give exactly these rights, in an order that does not depend on theirs.</summary>
    public static IReadOnlyList<RoleRule> Of(IEnumerable<PlannedPermission> permissions)
    {
        var resources = from permission in permissions
                        let need = permission.Need
                        group permission.Verb by (need.Group, need.Resource, Names: string.Join(',', need.Names.Order(StringComparer.Ordinal))) into verbs
                        select (verbs.Key, Verbs: string.Join(',', verbs.Distinct().OrderBy(verb => Array.IndexOf(s_verbs, verb))));
        return
        [
            .. from resource in resources
               group resource.Key.Resource by (resource.Key.Group, resource.Key.Names, resource.Verbs, IsPath: resource.Key.Resource.StartsWith('/')) into same
               let rule = new RoleRule(same.Key.Group, [.. same.Order(StringComparer.Ordinal)], same.Key.Names.Length == 0 ? [] : same.Key.Names.Split(','), same.Key.Verbs.Split(','))
               orderby rule.IsPath, rule.Group, rule.Resources[0], same.Key.Names
               select rule,
        ];
    }
}
