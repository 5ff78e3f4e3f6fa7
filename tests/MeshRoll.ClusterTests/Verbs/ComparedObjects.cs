using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.TestControlPlane.Api;

namespace MeshRoll.ClusterTests.Verbs;

/// <summary>
/// A workload and what its controller keeps of it, as text that is the same wherever the objects are: without identities, times, versions and the names
/// of those who wrote. Hashes stay: they follow from the templates, so that equal text means equal templates to the last byte.
/// </summary>
internal static class ComparedObjects
{
    private static readonly HashSet<string> Different = new(StringComparer.Ordinal)
    {
        "uid", "resourceVersion", "creationTimestamp", "managedFields", "namespace", "selfLink", "lastTransitionTime", "lastUpdateTime",
    };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The workload, its ReplicaSets and its ControllerRevisions.</summary>
    public static async Task<string> ReadAsync(KubeApi api, string @namespace, string plural, string name, CancellationToken cancellation)
    {
        var workload = await api.GetAsync($"{ObjectPath.Collection("apps/v1", plural, @namespace)}/{name}", cancellation);
        var kept = plural == "deployments" ? "replicasets" : "controllerrevisions";
        var revisions = (await api.ListAsync(ObjectPath.Collection("apps/v1", kept, @namespace), cancellation: cancellation)).Items.OrderBy(item => (string?)item["metadata"]!["name"], StringComparer.Ordinal);
        return string.Join('\n', new[] { workload }.Concat(revisions).Select(item => Sorted(item)!.ToJsonString(Indented)));
    }

    /// <summary>Whether the controller has seen the newest generation of the workload and has nothing left to do.</summary>
    public static async Task<bool> IsAtRestAsync(KubeApi api, string @namespace, string plural, string name, CancellationToken cancellation)
    {
        var workload = await api.GetAsync($"{ObjectPath.Collection("apps/v1", plural, @namespace)}/{name}", cancellation);
        return (long?)workload["status"]?["observedGeneration"] == (long?)workload["metadata"]!["generation"];
    }

    // Conditions come in the order in which they first arose.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(entry => !Different.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Key == "conditions" ? ByType(entry.Value) : Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonNode? ByType(JsonNode? conditions) => conditions is JsonArray list
        ? new JsonArray([.. list.OrderBy(condition => (string?)condition!["type"], StringComparer.Ordinal).Select(Sorted)])
        : Sorted(conditions);
}
