using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>Kinds that only the preflight reads, whole: it looks at many fields of few objects.</summary>
internal static class ReadinessResources
{
    public static Resource<RawObject> Quotas { get; } = Of("", "v1", "resourcequotas", "ResourceQuota");

    public static Resource<RawObject> Secrets { get; } = Of("", "v1", "secrets", "Secret");

    public static Resource<RawObject> Budgets { get; } = Of("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");

    /// <summary>Servers before 1.21 have no other.</summary>
    public static Resource<RawObject> OldBudgets { get; } = Of("policy", "v1beta1", "poddisruptionbudgets", "PodDisruptionBudget");

    public static Resource<RawObject> VirtualServices { get; } = Of("networking.istio.io", "v1beta1", "virtualservices", "VirtualService");

    public static Resource<RawObject> DestinationRules { get; } = Of("networking.istio.io", "v1beta1", "destinationrules", "DestinationRule");

    private static Resource<RawObject> Of(string group, string version, string plural, string kind) => new() { Group = group, Version = version, Plural = plural, Kind = kind };
}
