namespace MeshRoll.Core.Workloads;

/// <summary>Which workloads: the parameters that all reading commands share.</summary>
public sealed record WorkloadSelection
{
    /// <summary>Namespaces, with the wildcards <c>*</c> and <c>?</c>; empty means the connection's own.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>All namespaces; wins over <see cref="Namespaces"/>.</summary>
    public bool AllNamespaces { get; init; }

    /// <summary>Workload names with wildcards, optionally with a kind as kubectl users type it: <c>web*</c>, <c>deploy/web</c>, <c>sts/db</c>, <c>deploy</c>; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Kinds (Deployment, StatefulSet, DaemonSet, Rollout); empty means all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Kubernetes' label selector syntax, applied to pods where pods are read and to workloads where workloads are.</summary>
    public string? LabelSelector { get; init; }
}
