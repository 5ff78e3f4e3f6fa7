using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Mesh.Istio;
using MeshRoll.Sandbox.Mesh.Webhooks;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh;

/// <summary>
/// Which proxy is connected to which istiod, and what an istiod says about its own at <c>/debug/syncz</c>. A running proxy is connected to one of the
/// ready pods behind the service it was injected with, always the same one as long as that is there; where there is none, to nobody.
/// </summary>
/// <remarks>
/// A pod's annotation <c>sandbox.meshroll.io/proxy-sync</c> makes its proxy <c>stale</c> (it does not acknowledge), <c>not-sent</c> (it was told
/// nothing) or <c>disconnected</c>.
/// </remarks>
internal sealed class ProxySync(Cluster cluster)
{
    /// <summary>The annotation that makes a proxy fall behind.</summary>
    public const string Annotation = PodBehaviour.Prefix + PodBehaviour.ProxySyncName;

    private static readonly (string Name, string TypeUrl)[] Discoveries =
    [
        ("cluster", "type.googleapis.com/envoy.config.cluster.v3.Cluster"),
        ("listener", "type.googleapis.com/envoy.config.listener.v3.Listener"),
        ("route", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"),
        ("endpoint", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
        ("extensionconfig", "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig"),
    ];

    /// <summary>What one istiod pod says about the proxies that are connected to it.</summary>
    /// <param name="istiodPod">The pod of istiod.</param>
    /// <param name="newFormat">Whether as newer versions do, by type URL under <c>resources</c>; the older ones have a pair of keys for each kind.</param>
    /// <param name="namespace">Only proxies of this namespace; empty for all.</param>
    public string Syncz(StoredObject istiodPod, bool newFormat, string @namespace = "")
    {
        var list = new JsonArray();
        // All pods ask the same few services.
        var backends = new Dictionary<(string Namespace, string Service), IReadOnlyList<StoredObject>>();
        foreach (var pod in cluster.Store.List(ApiResources.Pods))
        {
            if (@namespace.Length > 0 && pod.Namespace != @namespace) continue;
            if (Connection.Read(pod) is { } connection && Chosen(pod, Ready(connection)) == istiodPod) list.Add((JsonNode)Describe(pod, connection, newFormat));
        }
        return list.ToJsonString();

        IReadOnlyList<StoredObject> Ready(Connection connection)
        {
            var key = (connection.Namespace, connection.Service);
            return backends.TryGetValue(key, out var known) ? known : backends[key] = ServiceBackends.Ready(cluster.Store, connection.Namespace, connection.Service);
        }
    }

    /// <summary>The istiod pod a proxy is connected to, or null.</summary>
    public StoredObject? IstiodOf(StoredObject pod) => Connection.Read(pod) is { } connection ? Chosen(pod, ServiceBackends.Ready(cluster.Store, connection.Namespace, connection.Service)) : null;

    private static StoredObject? Chosen(StoredObject pod, IReadOnlyList<StoredObject> istiods)
    {
        if (istiods.Count == 0) return null;
        var place = pod.Uid.Aggregate(17u, static (sum, sign) => unchecked((sum * 31) + sign));
        return istiods[(int)(place % (uint)istiods.Count)];
    }

    private static JsonObject Describe(StoredObject pod, Connection connection, bool newFormat)
    {
        var proxy = new JsonObject
        {
            ["cluster_id"] = "Kubernetes",
            ["proxy"] = $"{pod.Name}.{pod.Namespace}",
            ["proxy_type"] = connection.IsGateway ? "router" : "sidecar",
            ["istio_version"] = connection.Version,
        };
        var resources = new JsonObject();
        foreach (var (name, typeUrl) in Discoveries)
        {
            // Nothing extends the proxies here, and nobody sends what there is nothing of.
            if (name == "extensionconfig" || connection.Sync == "not-sent") continue;
            var sent = Nonce(pod, name, 1);
            var acked = connection.Sync == "stale" ? Nonce(pod, name, 0) : sent;
            if (newFormat)
            {
                resources[typeUrl] = new JsonObject { ["sent"] = sent, ["acked"] = acked };
                continue;
            }
            proxy[name + "_sent"] = sent;
            proxy[name + "_acked"] = acked;
        }
        if (newFormat) proxy["resources"] = resources;
        return proxy;
    }

    private static string Nonce(StoredObject pod, string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{pod.Uid[..8]}-{kind.Length:x2}{number}");

    /// <summary>What a running proxy tells about itself.</summary>
    private sealed record Connection(string Service, string Namespace, string Version, bool IsGateway, string Sync)
    {
        public static Connection? Read(StoredObject pod) =>
            pod.As<PodView>() is { Phase: "Running" } && pod.Labels.ContainsKey("service.istio.io/canonical-name") ? pod.As<View>().Connection : null;

        private static Connection? Read(JsonElement root)
        {
            var proxy = Named(root.At("spec"), "containers");
            if (proxy.ValueKind != JsonValueKind.Object) proxy = Named(root.At("spec"), "initContainers");
            if (proxy.ValueKind != JsonValueKind.Object || !Runs(root.At("status"))) return null;

            var annotations = root.At("metadata", "annotations");
            var sync = annotations.Text(Annotation);
            if (sync == "disconnected" || Discovery(proxy) is not { } address) return null;
            return new(address.Service, address.Namespace, VersionOf(proxy.Text("image")), annotations.Text("inject.istio.io/templates") == "gateway", sync);
        }

        /// <summary>Read once for each version of a pod: five istiods of ten thousand pods are asked one after the other.</summary>
        private sealed record View(Connection? Connection) : IObjectView<View>
        {
            static View IObjectView<View>.Read(JsonElement root) => new(Connection.Read(root));
        }

        private static bool Runs(JsonElement status)
        {
            var found = Named(status, "containerStatuses");
            if (found.ValueKind != JsonValueKind.Object) found = Named(status, "initContainerStatuses");
            return found.At("state", "running").ValueKind == JsonValueKind.Object;
        }

        private static JsonElement Named(JsonElement parent, string list) => parent.Items(list).FirstOrDefault(entry => entry.Text("name") == SidecarTemplate.ProxyName);

        private static (string Service, string Namespace)? Discovery(JsonElement proxy)
        {
            var address = proxy.Items("env").FirstOrDefault(variable => variable.Text("name") == "CA_ADDR").Text("value");
            var parts = address.Split('.');
            return parts.Length >= 2 ? (parts[0], parts[1]) : null;
        }

        private static string VersionOf(string image)
        {
            var tag = image.LastIndexOf(':');
            var version = tag > image.LastIndexOf('/') ? image[(tag + 1)..].Split('@')[0] : "";
            foreach (var ending in (ReadOnlySpan<string>)["-distroless", "-debug"])
            {
                if (version.EndsWith(ending, StringComparison.Ordinal)) version = version[..^ending.Length];
            }
            return version;
        }
    }
}
