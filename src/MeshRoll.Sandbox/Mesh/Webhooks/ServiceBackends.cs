using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>Who stands behind services, by their Endpoints.</summary>
internal static class ServiceBackends
{
    /// <summary>The ready pods behind a service, by name.</summary>
    public static IReadOnlyList<StoredObject> Ready(ObjectStore store, string @namespace, string service)
    {
        if (store.Find(ApiResources.Endpoints, @namespace, service) is not { } endpoints) return [];
        using var document = JsonDocument.Parse(endpoints.Json);
        var pods = new List<StoredObject>();
        foreach (var subset in document.RootElement.Items("subsets"))
        {
            foreach (var address in subset.Items("addresses"))
            {
                var target = address.At("targetRef");
                if (target.Text("kind") == "Pod" && store.Find(ApiResources.Pods, @namespace, target.Text("name")) is { } pod && !pods.Contains(pod)) pods.Add(pod);
            }
        }
        pods.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return pods;
    }

    /// <summary>Whether anybody at all stands behind a service, also if it is no pod.</summary>
    public static bool HasAny(ObjectStore store, string @namespace, string service)
    {
        if (store.Find(ApiResources.Endpoints, @namespace, service) is not { } endpoints) return false;
        using var document = JsonDocument.Parse(endpoints.Json);
        return document.RootElement.Items("subsets").Any(subset => subset.Items("addresses").Any());
    }
}
