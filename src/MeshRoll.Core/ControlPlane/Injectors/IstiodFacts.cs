using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>One service that injectors ask, and who stands behind it. What could not be read is null, and Problem says why.</summary>
internal sealed record IstiodFacts
{
    /// <summary>How the services of istiod are called: istiod, istiod-&lt;revision&gt;.</summary>
    public const string ServiceName = "istiod";

    /// <summary>On services and pods of istiod.</summary>
    public const string AppLabel = "app";

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Whether the service is there; null when that could not be read.</summary>
    public bool? Exists { get; init; }

    /// <summary>Whether the service points outside of the cluster, so that there are no endpoints to count.</summary>
    public bool IsExternal { get; init; }

    /// <summary>The service's port numbers.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The revision behind it; null when nothing tells.</summary>
    public string? Revision { get; init; }

    /// <summary>Ready addresses behind the service; null when that could not be read.</summary>
    public int? Endpoints { get; init; }

    /// <summary>The Deployments whose pods the service selects; null when they could not be read.</summary>
    public IReadOnlyList<Deployment>? Deployments { get; init; }

    /// <summary>What could not be read, in words.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Whether it can answer now; null when that cannot be told.</summary>
    public bool? Ready => this switch
    {
        { Exists: false } => false,
        { IsExternal: true } => null,
        { Endpoints: null } => null,
        { Endpoints: 0 } => false,
        { Deployments: { Count: > 0 } deployments } => deployments.Any(deployment => deployment.Status.ReadyReplicas > 0),
        _ => true,
    };

    /// <summary>How many of its pods are ready, of how many: <c>1 of 2 pods ready</c>; empty when that could not be read.</summary>
    public string PodsInWords => Deployments is not { Count: > 0 } deployments ? ""
        : $"{deployments.Sum(deployment => deployment.Status.ReadyReplicas)} of {deployments.Sum(deployment => deployment.Spec.Replicas ?? 1)} pods ready";

    /// <summary>The service of a revision, as Istio's charts name it.</summary>
    public static string ServiceFor(string revision) => revision == IstioStatus.DefaultRevision ? ServiceName : $"{ServiceName}-{revision}";

    /// <summary>The revision that a service's name tells; null for a name that is not of istiod, or of a tag's own service.</summary>
    public static string? RevisionOf(string service)
    {
        if (service == ServiceName) return IstioStatus.DefaultRevision;
        if (!service.StartsWith(ServiceName + "-", StringComparison.Ordinal)) return null;
        var revision = service[(ServiceName.Length + 1)..];
        return revision.StartsWith("revision-tag-", StringComparison.Ordinal) ? null : revision;
    }
}
