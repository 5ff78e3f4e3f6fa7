namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Whether what somebody holds covers what he wants to hand on (Covers and CompactRules of the RBAC registry).</summary>
internal static class PolicyCoverage
{
    private const string Any = "*";

    /// <summary>What of the wanted rules is not held, one rule per group and resource; empty when all of it is.</summary>
    public static IReadOnlyList<PolicyRule> Missing(IReadOnlyList<PolicyRule> held, IEnumerable<PolicyRule> wanted) =>
        Compact([.. wanted.SelectMany(BreakDown).Where(single => !held.Any(rule => Covers(rule, single)))]);

    /// <summary>Takes a rule apart until each part has one of everything: such a part is covered by a single rule or not at all.</summary>
    private static IEnumerable<PolicyRule> BreakDown(PolicyRule rule)
    {
        foreach (var group in rule.ApiGroups)
        {
            foreach (var resource in rule.Resources)
            {
                foreach (var verb in rule.Verbs)
                {
                    if (rule.ResourceNames.Count == 0) yield return new() { ApiGroups = [group], Resources = [resource], Verbs = [verb] };
                    foreach (var name in rule.ResourceNames) yield return new() { ApiGroups = [group], Resources = [resource], Verbs = [verb], ResourceNames = [name] };
                }
            }
        }
        foreach (var url in rule.NonResourceUrls)
        {
            foreach (var verb in rule.Verbs) yield return new() { NonResourceUrls = [url], Verbs = [verb] };
        }
    }

    private static bool Covers(PolicyRule held, PolicyRule single)
    {
        if (!HasOrAny(held.Verbs, single.Verbs[0])) return false;
        if (single.NonResourceUrls.Count > 0) return held.NonResourceUrls.Any(url => CoversUrl(url, single.NonResourceUrls[0]));
        return HasOrAny(held.ApiGroups, single.ApiGroups[0])
            && CoversResource(held.Resources, single.Resources[0])
            && (held.ResourceNames.Count == 0 || (single.ResourceNames.Count > 0 && held.ResourceNames.Contains(single.ResourceNames[0])));
    }

    private static bool CoversResource(IReadOnlyList<string> held, string resource)
    {
        if (HasOrAny(held, resource)) return true;
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && held.Contains($"*{resource[slash..]}");
    }

    private static bool CoversUrl(string held, string url) =>
        held == url || (held.EndsWith('*') && url.StartsWith(held.TrimEnd('*'), StringComparison.Ordinal));

    private static bool HasOrAny(IReadOnlyList<string> held, string value) => held.Contains(Any) || held.Contains(value);

    /// <summary>Puts the verbs of one group and resource together again.</summary>
    private static List<PolicyRule> Compact(List<PolicyRule> singles)
    {
        var compact = new List<PolicyRule>();
        foreach (var same in singles.GroupBy(IsSimple))
        {
            if (!same.Key) compact.AddRange(same);
            else compact.AddRange(same.GroupBy(rule => (rule.ApiGroups[0], rule.Resources[0])).Select(one => one.First() with { Verbs = [.. one.SelectMany(rule => rule.Verbs)] }));
        }
        return compact;
    }

    private static bool IsSimple(PolicyRule rule) => rule.ResourceNames.Count == 0 && rule.NonResourceUrls.Count == 0;
}
