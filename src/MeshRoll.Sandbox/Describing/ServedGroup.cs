namespace MeshRoll.Sandbox.Describing;

/// <summary>An API group with its versions and resources.</summary>
/// <param name="Name">Its name; empty for the core group.</param>
/// <param name="Versions">Its versions, the preferred one first.</param>
/// <param name="Resources">Its resources, by name.</param>
internal sealed record ServedGroup(string Name, IReadOnlyList<string> Versions, IReadOnlyList<ServedResource> Resources)
{
    // The real server's order of priority, which kubectl follows where a name is in two groups. Custom groups come last.
    private static readonly string[] Priority =
    [
        "", "apps", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "policy", "rbac.authorization.k8s.io",
        "admissionregistration.k8s.io", "coordination.k8s.io",
    ];

    /// <summary>The version clients take unless they want another.</summary>
    public string PreferredVersion => Versions[0];

    /// <summary>The resources that a version has.</summary>
    public IEnumerable<ServedResource> In(string version) => Resources.Where(resource => resource.Versions.Contains(version));

    /// <summary>All groups of these resources, in their order.</summary>
    public static IReadOnlyList<ServedGroup> Of(IEnumerable<ServedResource> resources) =>
    [
        .. resources.GroupBy(resource => resource.Group)
            .Select(group => new ServedGroup(
                group.Key,
                [.. group.SelectMany(resource => resource.Versions).Distinct().OrderBy(version => group.Min(resource => Place(resource, version)))],
                [.. group.OrderBy(resource => resource.Plural, StringComparer.Ordinal)]))
            .OrderBy(group => Array.IndexOf(Priority, group.Name) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(group => group.Name, StringComparer.Ordinal),
    ];

    private static int Place(ServedResource resource, string version)
    {
        for (var i = 0; i < resource.Versions.Count; i++)
        {
            if (resource.Versions[i] == version) return i;
        }
        return int.MaxValue;
    }
}
