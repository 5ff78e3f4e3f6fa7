namespace MeshRoll.Core.Sidecars;

/// <summary>The sidecar of one pod: what runs, what a new pod would get, and whether that differs.</summary>
public sealed record MeshSidecar
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The pod's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    public required string Pod { get; init; }

    /// <summary>Kind of the workload that made the pod: Deployment, StatefulSet, DaemonSet, Rollout, ReplicaSet, Job, Pod.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the workload; the pod's own for a bare pod.</summary>
    public required string Name { get; init; }

    /// <summary>Istio, Linkerd, Consul; or Custom where the container was named by the user.</summary>
    public required string Mesh { get; init; }

    /// <summary>The sidecar container's name.</summary>
    public required string Container { get; init; }

    /// <summary>Its image as the pod names it.</summary>
    public required string Image { get; init; }

    /// <summary>Its version, from the image's tag without variant or from the mesh's annotation; null when it cannot be told (a digest).</summary>
    public string? Version { get; init; }

    /// <summary>The control plane revision that injected it; <c>default</c> for the unnamed one; null when unknown.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether it is a native sidecar (an init container that stays).</summary>
    public bool Native { get; init; }

    /// <summary>Whether it is a gateway's proxy rather than an application's sidecar.</summary>
    public bool Gateway { get; init; }

    /// <summary>Whether the sidecar container is ready.</summary>
    public bool Ready { get; init; }

    /// <summary>How often the sidecar container was started again.</summary>
    public int Restarts { get; init; }

    /// <summary>When the pod was made, UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the pod was started, UTC; null while it is pending.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>The version a new pod would get; null when unknown or when it would get none.</summary>
    public string? DesiredVersion { get; init; }

    /// <summary>The revision a new pod would be injected by; null when unknown or none.</summary>
    public string? DesiredRevision { get; init; }

    /// <summary>Whether a new pod would get another sidecar than this one. Null when it cannot be told; <see cref="Reason"/> says why.</summary>
    public bool? Outdated { get; init; }

    /// <summary>Why it is outdated, why that cannot be told, or why not, in words.</summary>
    public string Reason { get; init; } = "";
}
