namespace MeshRoll.Core.Permissions;

/// <summary>A right that a command needs, and whether one has it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "It is the noun of Get-MeshPermission; the code access permissions that the rule is about are long gone.")]
public sealed record MeshPermission
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The command that needs it.</summary>
    public required string Cmdlet { get; init; }

    /// <summary>Where; empty for the cluster itself and for all namespaces.</summary>
    public required string Namespace { get; init; }

    /// <summary>get, list, watch, create, update, patch or delete.</summary>
    public required string Verb { get; init; }

    /// <summary>The resource in the plural, with its subresource: pods/eviction. A path that is no resource begins with a slash.</summary>
    public required string Resource { get; init; }

    /// <summary>The API group; empty for core.</summary>
    public required string Group { get; init; }

    /// <summary>The only objects that are meant, by name; empty for all.</summary>
    public IReadOnlyList<string> ResourceNames { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>The right in words: patch deployments.apps.</summary>
    public required string Name { get; init; }

    /// <summary>Whether one has it, by the server's own judgement; null when that could not be found out.</summary>
    public bool? Allowed { get; init; }

    /// <summary>Whether the command needs it as it was asked for. False for what serves a feature only, which -For did not name.</summary>
    public required bool Needed { get; init; }

    /// <summary>The features that need it: Surge, Evict, IncludeLog …; empty where the command always does.</summary>
    public IReadOnlyList<string> Features { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>What it serves: to …</summary>
    public required string For { get; init; }

    /// <summary>Why Allowed is what it is.</summary>
    public string Reason { get; init; } = "";
}
