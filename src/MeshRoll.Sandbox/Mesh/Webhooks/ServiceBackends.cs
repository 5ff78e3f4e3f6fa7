using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>Who stands behind services, by their Endpoints.</summary>
internal static class ServiceBackends
{
    /// <summary>The ready pods behind a service, by name.</summary>
    public static IReadOnlyList<StoredObject> Ready(ObjectStore store, string @namespace, string service) =>
        store.Find(ApiResources.Endpoints, @namespace, service) is { } endpoints
            ? [.. endpoints.As<Addresses>().Pods.Select(name => store.Find(ApiResources.Pods, @namespace, name)).OfType<StoredObject>()]
            : [];

    /// <summary>Whether anybody at all stands behind a service, also if it is no pod.</summary>
    public static bool HasAny(ObjectStore store, string @namespace, string service) =>
        store.Find(ApiResources.Endpoints, @namespace, service) is { } endpoints && endpoints.As<Addresses>().IsAny;

    /// <summary>The ready addresses of Endpoints.</summary>
    /// <param name="Pods">The names of those that are pods.</param>
    /// <param name="IsAny">Whether there are any.</param>
    private sealed record Addresses(IReadOnlyList<string> Pods, bool IsAny) : IObjectView<Addresses>
    {
        public static Addresses Read(JsonElement root)
        {
            var pods = new SortedSet<string>(StringComparer.Ordinal);
            var isAny = false;
            foreach (var subset in root.Items("subsets"))
            {
                foreach (var address in subset.Items("addresses"))
                {
                    isAny = true;
                    if (address.Text("targetRef", "kind") == "Pod") pods.Add(address.Text("targetRef", "name"));
                }
            }
            return new([.. pods], isAny);
        }
    }
}
