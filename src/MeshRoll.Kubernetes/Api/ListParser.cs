using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// Takes a list apart while it arrives. It is fed the unread front of the body again and again, says how much of it is done with,
/// and needs no more of it at one time than one object. What it cannot understand is an <see cref="InvalidDataException"/> or a JsonException.
/// </summary>
internal abstract class ListParser<T>(Resource<T> resource) where T : class, IKubernetesObject
{
    /// <summary>The kind of the list; empty until it was read.</summary>
    public string Kind { get; protected set; } = "";

    /// <summary>The token of the next page; empty on the last. Null until the list's metadata was read.</summary>
    public string? Continue { get; protected set; }

    /// <summary>The version of the store the list shows.</summary>
    public string ResourceVersion { get; protected set; } = "";

    /// <summary>Goes on as far as the next object.</summary>
    /// <param name="data">What is unread of the body.</param>
    /// <param name="final">Whether nothing will follow.</param>
    /// <param name="consumed">How much of <paramref name="data"/> is done with.</param>
    /// <param name="item">The object, when there is one.</param>
    public abstract ListStep Next(ReadOnlySpan<byte> data, bool final, out int consumed, out T? item);

    /// <summary>Whether lists of this kind are what was asked for.</summary>
    protected bool IsExpected(string kind) =>
        kind == "PartialObjectMetadataList" || kind == resource.Kind + "List"
        // Custom resources may name their lists as they like.
        || (resource.Protobuf is null && kind.EndsWith("List", StringComparison.Ordinal));

    /// <summary>Refuses a list of another kind.</summary>
    protected void CheckKind()
    {
        if (!IsExpected(Kind)) throw new InvalidDataException($"The answer is a \"{Kind}\" and not a list of {resource.Kind} objects.");
    }
}

/// <summary>How far a list parser came.</summary>
internal enum ListStep
{
    /// <summary>It needs more bytes than there are.</summary>
    NeedMore,

    /// <summary>An object.</summary>
    Item,

    /// <summary>The list is complete.</summary>
    End,

    /// <summary>It is no list but a Status; it begins at the front of the body.</summary>
    Status,
}
