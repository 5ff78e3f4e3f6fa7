namespace MeshRoll.Kubernetes.Models;

/// <summary>Any object of the Kubernetes API: it has metadata.</summary>
public interface IKubernetesObject
{
    /// <summary>Name, namespace, labels, owners and versions of the object.</summary>
    ObjectMeta Metadata { get; }
}

/// <summary>The fields of <c>metadata</c> that MeshRoll reads (meta/v1 ObjectMeta).</summary>
public sealed record ObjectMeta
{
    /// <summary>The object's name, unique per kind and namespace at one time.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The namespace; empty for cluster-wide objects.</summary>
    public string Namespace { get; init => field = value ?? ""; } = "";

    /// <summary>Unique over time: an object deleted and made again has another.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";

    /// <summary>Opaque; only good for resuming a watch and for conditional writes.</summary>
    public string ResourceVersion { get; init => field = value ?? ""; } = "";

    /// <summary>Counts changes of the desired state; compare with a status' observedGeneration.</summary>
    public long Generation { get; init; }

    /// <summary>When the server made the object, UTC.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set when deletion was asked for: the time by which it is to be gone, UTC.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Labels; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? Empty.Map; } = Empty.Map;

    /// <summary>Annotations; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init => field = value ?? Empty.Map; } = Empty.Map;

    /// <summary>Owners; the one with <see cref="OwnerReference.Controller"/> manages the object.</summary>
    public IReadOnlyList<OwnerReference> OwnerReferences { get; init => field = value ?? []; } = [];

    /// <summary>The owner that manages this object, or null when nobody does.</summary>
    public OwnerReference? Controller
    {
        get
        {
            foreach (var owner in OwnerReferences)
            {
                if (owner.Controller == true) return owner;
            }
            return null;
        }
    }
}

/// <summary>A pointer from an object to its owner (meta/v1 OwnerReference).</summary>
public sealed record OwnerReference
{
    /// <summary>Group and version of the owner, such as <c>apps/v1</c>.</summary>
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    /// <summary>Kind of the owner, such as <c>ReplicaSet</c>.</summary>
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Name of the owner; it lives in the same namespace.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Uid of the owner.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";

    /// <summary>Whether this owner manages the object.</summary>
    public bool? Controller { get; init; }
}

/// <summary>An object of which only the metadata was asked for.</summary>
public sealed record PartialObject : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();
}

internal static class Empty
{
    internal static readonly IReadOnlyDictionary<string, string> Map = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
