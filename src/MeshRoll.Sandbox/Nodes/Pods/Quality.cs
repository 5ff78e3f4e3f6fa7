using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>A pod's quality of service: who is evicted last when a node runs out of something.</summary>
internal static class Quality
{
    /// <summary>Guaranteed when all containers ask for exactly their limits, BestEffort when none asks for anything, else Burstable.</summary>
    public static string Of(JsonNode? spec)
    {
        var containers = spec.Items("containers").Concat(spec.Items("initContainers")).ToList();
        var asks = containers.Any(container => container.At("resources", "requests") is JsonObject { Count: > 0 } || container.At("resources", "limits") is JsonObject { Count: > 0 });
        if (!asks) return "BestEffort";
        return containers.All(container => IsExact(container, "cpu") && IsExact(container, "memory")) ? "Guaranteed" : "Burstable";

        static bool IsExact(JsonObject container, string resource)
        {
            var limit = container.Text("resources", "limits", resource);
            var request = container.Text("resources", "requests", resource) ?? limit;
            return limit is not null && Quantity.Parse(limit) == Quantity.Parse(request!);
        }
    }
}
