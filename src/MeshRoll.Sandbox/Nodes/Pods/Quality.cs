using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>A pod's quality of service: who is evicted last when a node runs out of something.</summary>
internal static class Quality
{
    /// <summary>Guaranteed when all containers ask for exactly their limits, BestEffort when none asks for anything, else Burstable.</summary>
    public static string Of(JsonElement spec)
    {
        var (asks, isExact) = (false, true);
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            var resources = container.At("resources");
            asks |= HasAny(resources.At("requests")) || HasAny(resources.At("limits"));
            isExact &= IsExact(resources, "cpu") && IsExact(resources, "memory");
        }
        return !asks ? "BestEffort" : isExact ? "Guaranteed" : "Burstable";

        static bool HasAny(JsonElement amounts) => amounts.ValueKind == JsonValueKind.Object && amounts.EnumerateObject().MoveNext();

        static bool IsExact(JsonElement resources, string resource)
        {
            var limit = resources.At("limits", resource);
            if (limit.ValueKind == JsonValueKind.Undefined) return false;
            var request = resources.At("requests", resource);
            return request.ValueKind == JsonValueKind.Undefined || Quantity.Read(request) == Quantity.Read(limit);
        }
    }
}
