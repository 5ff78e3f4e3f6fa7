using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>One rule of a role: these verbs on these resources, or on these paths (rbac/v1 PolicyRule).</summary>
internal sealed record PolicyRule
{
    private const string Any = "*";

    /// <summary>What may be done.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>In which API groups; empty in a rule about paths.</summary>
    public IReadOnlyList<string> ApiGroups { get; init; } = [];

    /// <summary>With which resources: <c>pods</c>, <c>pods/log</c>, <c>*/scale</c>, <c>*</c>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>With which objects; empty for all.</summary>
    public IReadOnlyList<string> ResourceNames { get; init; } = [];

    /// <summary>On which paths; a * at the end stands for anything.</summary>
    public IReadOnlyList<string> NonResourceUrls { get; init; } = [];

    /// <summary>Everything: what one must have to hand on what nobody can foresee.</summary>
    public static IReadOnlyList<PolicyRule> FullAuthority { get; } =
    [
        new() { Verbs = [Any], ApiGroups = [Any], Resources = [Any] },
        new() { Verbs = [Any], NonResourceUrls = [Any] },
    ];

    /// <summary>Reads a rule as it stands in a role.</summary>
    public static PolicyRule Read(JsonElement rule) => new()
    {
        Verbs = Texts(rule, "verbs"),
        ApiGroups = Texts(rule, "apiGroups"),
        Resources = Texts(rule, "resources"),
        ResourceNames = Texts(rule, "resourceNames"),
        NonResourceUrls = Texts(rule, "nonResourceURLs"),
    };

    /// <summary>Whether the rule allows this.</summary>
    public bool Allows(AccessAttributes what)
    {
        if (!Has(Verbs, what.Verb)) return false;
        if (what.Path is { } path) return AllowsPath(path);
        return Has(ApiGroups, what.Group)
            && AllowsResource(what)
            && (ResourceNames.Count == 0 || ResourceNames.Contains(what.Name));
    }

    /// <summary>The rule in the words of a refusal: <c>{APIGroups:[""], Resources:["pods"], Verbs:["get"]}</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add("APIGroups", ApiGroups);
        Add("Resources", Resources);
        Add("NonResourceURLs", NonResourceUrls);
        Add("ResourceNames", ResourceNames);
        Add("Verbs", Verbs);
        return $"{{{string.Join(", ", parts)}}}";

        void Add(string name, IReadOnlyList<string> values)
        {
            if (values.Count > 0) parts.Add($"{name}:[{string.Join(' ', values.Select(value => $"\"{value}\""))}]");
        }
    }

    private bool AllowsResource(AccessAttributes what)
    {
        foreach (var resource in Resources)
        {
            if (resource == Any || IsSame(resource, what)) return true;
            // */scale is the scale of everything; pods/* is a name that no resource has.
            if (what.Subresource.Length > 0 && resource.StartsWith("*/", StringComparison.Ordinal) && resource.AsSpan(2).SequenceEqual(what.Subresource)) return true;
        }
        return false;
    }

    private static bool IsSame(string resource, AccessAttributes what)
    {
        if (what.Subresource.Length == 0) return resource == what.Resource;
        return resource.Length == what.Resource.Length + 1 + what.Subresource.Length
            && resource[what.Resource.Length] == '/'
            && resource.StartsWith(what.Resource, StringComparison.Ordinal)
            && resource.EndsWith(what.Subresource, StringComparison.Ordinal);
    }

    private bool AllowsPath(string path)
    {
        foreach (var url in NonResourceUrls)
        {
            if (url == path || (url.EndsWith('*') && path.StartsWith(url.TrimEnd('*'), StringComparison.Ordinal))) return true;
        }
        return false;
    }

    private static bool Has(IReadOnlyList<string> values, string value)
    {
        foreach (var one in values)
        {
            if (one == Any || one == value) return true;
        }
        return false;
    }

    private static string[] Texts(JsonElement rule, string name) =>
        [.. rule.Items(name).Where(entry => entry.ValueKind == JsonValueKind.String).Select(entry => entry.GetString()!)];
}
