using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Objects;

/// <summary>A kind of object that the sandbox serves, with the rules its writes follow.</summary>
internal sealed record ApiResource
{
    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The version in which objects are kept.</summary>
    public required string Version { get; init; }

    /// <summary>Older or newer versions of the same shape under which it is served too, such as <c>v1beta1</c>.</summary>
    public IReadOnlyList<string> OtherVersions { get; init; } = [];

    /// <summary>Name in paths, such as <c>deployments</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>Name in commands, such as <c>deployment</c>.</summary>
    public string Singular => Kind.ToLowerInvariant();

    /// <summary>Such as <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether its objects live in namespaces.</summary>
    public bool Namespaced { get; init; } = true;

    /// <summary>What kubectl users type: <c>deploy</c>.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Groups of kinds for kubectl: <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Whether status is written by a path of its own only, and so kept by ordinary writes.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Whether it has the scale subresource.</summary>
    public bool HasScale { get; init; }

    /// <summary>Whether metadata.generation counts changes of what is wished.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>Whether any name is good that fits into a path, as for roles (<c>system:discovery</c>), instead of domain names only.</summary>
    public bool HasPathNames { get; init; }

    /// <summary>Fills in what a written object left out, as the real server's defaulting does; null when nothing is filled in.</summary>
    public Action<JsonObject>? Default { get; init; }

    /// <summary>Says what is wrong with an object; the second argument is the object before, or null at creation.</summary>
    public Func<JsonObject, JsonObject?, IEnumerable<FieldError>>? Validate { get; init; }

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As error messages name it: <c>pods</c> or <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <inheritdoc/>
    public override string ToString() => QualifiedName;

    /// <summary>Resources are the same when their name is.</summary>
    public bool Equals(ApiResource? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>One thing wrong with a written object (a cause in a Status of reason Invalid).</summary>
/// <param name="Field">Path, such as <c>spec.replicas</c>.</param>
/// <param name="Reason">FieldValueRequired, FieldValueInvalid, FieldValueNotSupported, FieldValueForbidden, FieldValueDuplicate …</param>
/// <param name="Message">As the server words it: <c>Invalid value: -1: must be greater than or equal to 0</c>.</param>
internal sealed record FieldError(string Field, string Reason, string Message);
