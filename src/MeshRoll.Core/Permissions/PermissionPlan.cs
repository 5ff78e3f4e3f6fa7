using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Permissions;

/// <summary>One right to be asked about or granted.</summary>
/// <param name="Cmdlet">The command that needs it.</param>
/// <param name="Need">The row of the table.</param>
/// <param name="Verb">One of the row's verbs.</param>
/// <param name="Namespace">Where; empty for cluster-wide.</param>
/// <param name="Needed">Whether it is needed as the command is meant to be used.</param>
internal sealed record PlannedPermission(string Cmdlet, PermissionNeed Need, string Verb, string Namespace, bool Needed);

/// <summary>From the table to the rights that concern one cluster, in the table's order.</summary>
internal static class PermissionPlan
{
    private const string ArgoGroup = "argoproj.io";

    /// <summary>The commands a user means, by name, with wildcards; all for none. One that does not exist is named with those that resemble it.</summary>
    /// <exception cref="InvalidRequestException">There is no such command.</exception>
    public static IReadOnlyList<string> Cmdlets(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) return [.. PermissionTable.Rows.Keys];
        var patterns = names.Select(name => new NamePattern(name.Trim())).ToList();
        foreach (var pattern in patterns)
        {
            if (!PermissionTable.Rows.Keys.Any(pattern.IsMatch))
                throw new InvalidRequestException("MeshRoll.CmdletUnknown", $"MeshRoll has no command '{pattern.Text}'.{NearMatches.Sentence(pattern.Text, PermissionTable.Rows.Keys)}");
        }
        return [.. PermissionTable.Rows.Keys.Where(cmdlet => patterns.Exists(pattern => pattern.IsMatch(cmdlet)))];
    }

    /// <summary>The features a user means, by name, with wildcards. One that no command has is named with those there are.</summary>
    /// <exception cref="InvalidRequestException">There is no such feature.</exception>
    public static IReadOnlyList<string> Features(IReadOnlyCollection<string> names)
    {
        var known = PermissionTable.Features;
        var patterns = names.Select(name => new NamePattern(name.Trim())).ToList();
        foreach (var pattern in patterns)
        {
            if (!known.Any(pattern.IsMatch))
                throw new InvalidRequestException("MeshRoll.FeatureUnknown", $"No command has rights of its own for '{pattern.Text}'. There are: {string.Join(", ", known)}.");
        }
        return [.. known.Where(feature => patterns.Exists(pattern => pattern.IsMatch(feature)))];
    }

    /// <summary>The rights of commands in a cluster, needed or not.</summary>
    public static IReadOnlyList<PlannedPermission> Of(IEnumerable<string> cmdlets, IReadOnlyCollection<string> features, PermissionPlaces places) =>
    [
        .. from cmdlet in cmdlets
           from need in PermissionTable.Rows[cmdlet]
           where Concerns(need, places)
           from @namespace in places.Of(need.Scope)
           from verb in need.Verbs
           select new PlannedPermission(cmdlet, need, verb, @namespace, need.Features.Count == 0 || need.Features.Any(features.Contains)),
    ];

    private static bool Concerns(PermissionNeed need, PermissionPlaces places) =>
        (need.Group != ArgoGroup || places.ArgoRollouts)
        && need.Choice switch
        {
            NamespaceChoice.Named => !places.Searched,
            NamespaceChoice.Searched => places.Searched,
            _ => true,
        };
}
