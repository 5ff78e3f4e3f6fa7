using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Describing;

/// <summary>A resource as discovery lists it: kinds that are kept, and questions that are only asked.</summary>
internal sealed record ServedResource
{
    private static readonly string[] All = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] AllButCollection = ["create", "delete", "get", "list", "patch", "update", "watch"];

    /// <summary>What is only asked, such as the question behind <c>kubectl auth can-i</c>. Nothing of it is kept.</summary>
    public static IReadOnlyList<ServedResource> Reviews { get; } = [.. ReviewKinds.All.Select(kind => Of(kind) with { Verbs = ["create"] })];

    /// <summary>The group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The versions it is served in, the preferred one first.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>Its name in paths.</summary>
    public required string Plural { get; init; }

    /// <summary>Its name in commands.</summary>
    public required string Singular { get; init; }

    /// <summary>The kind of its objects.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether its objects live in namespaces.</summary>
    public bool Namespaced { get; init; }

    /// <summary>What can be done with it.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>Short names for kubectl.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Groups of kinds for kubectl.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The paths below its objects.</summary>
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    /// <summary>A kind that is kept.</summary>
    public static ServedResource Of(ApiResource resource) => new()
    {
        Group = resource.Group,
        Versions = [resource.Version, .. resource.OtherVersions],
        Plural = resource.Plural,
        Singular = resource.Singular,
        Kind = resource.Kind,
        Namespaced = resource.Namespaced,
        // Namespaces go one by one: deleting them all at once the real server does not offer either.
        Verbs = resource == ApiResources.Namespaces ? AllButCollection : All,
        ShortNames = resource.ShortNames,
        Categories = resource.Categories,
        Subresources = [.. Subresource.Of(resource)],
    };
}
