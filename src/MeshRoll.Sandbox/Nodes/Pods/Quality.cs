using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>A pod's quality of service: who is evicted last when a node runs out of something.</summary>
internal static class Quality
{
    private static readonly string[] Counted = ["cpu", "memory"];

    /// <summary>Guaranteed when all containers ask for exactly their limits, BestEffort when none asks for anything, else Burstable.</summary>
    public static string Of(JsonNode? spec)
    {
        var (asks, isExact) = (false, true);
        foreach (var list in PodPlan.ContainerLists)
        {
            foreach (var container in spec.Items(list))
            {
                asks |= container.At("resources", "requests") is JsonObject { Count: > 0 } || container.At("resources", "limits") is JsonObject { Count: > 0 };
                foreach (var resource in Counted) isExact = isExact && IsExact(container.Text("resources", "limits", resource), container.Text("resources", "requests", resource));
            }
        }
        return Named(asks, isExact);
    }

    /// <inheritdoc cref="Of(JsonNode?)"/>
    public static string Of(JsonElement spec)
    {
        var (asks, isExact) = (false, true);
        foreach (var list in PodPlan.ContainerLists)
        {
            foreach (var container in spec.Items(list))
            {
                var resources = container.At("resources");
                asks |= IsNamed(resources.At("requests")) || IsNamed(resources.At("limits"));
                foreach (var resource in Counted) isExact = isExact && IsExact(NullIfEmpty(resources.Text("limits", resource)), NullIfEmpty(resources.Text("requests", resource)));
            }
        }
        return Named(asks, isExact);

        static bool IsNamed(JsonElement amounts) => amounts.ValueKind == JsonValueKind.Object && amounts.EnumerateObject().MoveNext();

        static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
    }

    private static string Named(bool asks, bool isExact)
    {
        if (!asks) return "BestEffort";
        return isExact ? "Guaranteed" : "Burstable";
    }

    private static bool IsExact(string? limit, string? request) => limit is not null && Quantity.Parse(limit) == Quantity.Parse(request ?? limit);
}
