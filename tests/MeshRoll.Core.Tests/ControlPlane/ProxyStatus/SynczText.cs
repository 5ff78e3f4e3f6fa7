using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.Tests.ControlPlane.ProxyStatus;

/// <summary>Answers of <c>/debug/syncz</c> as istiods of different ages write them.</summary>
internal static class SynczText
{
    private static readonly (string Name, string Url)[] s_kinds =
    [
        ("cluster", "type.googleapis.com/envoy.config.cluster.v3.Cluster"),
        ("listener", "type.googleapis.com/envoy.config.listener.v3.Listener"),
        ("endpoint", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
        ("route", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"),
        ("extensionconfig", "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig"),
    ];

    /// <summary>An answer.</summary>
    public static string Of(params JsonObject[] proxies) => new JsonArray(proxies).ToJsonString();

    /// <summary>As up to 1.26: a pair of keys per kind. Statuses as S, T and -, in istioctl's order.</summary>
    public static JsonObject Old(string proxy, string statuses = "SSSS-", string version = "1.26.4")
    {
        var entry = Entry(proxy, version);
        for (var i = 0; i < statuses.Length; i++)
        {
            var (sent, acked) = Nonces(statuses[i]);
            if (sent.Length > 0) entry[s_kinds[i].Name + "_sent"] = sent;
            if (acked.Length > 0) entry[s_kinds[i].Name + "_acked"] = acked;
        }
        return entry;
    }

    /// <summary>As newer ones: resources by type URL, with times.</summary>
    public static JsonObject New(string proxy, string statuses = "SSSS-", string version = "1.27.1", DateTimeOffset? sentTime = null, string error = "")
    {
        var entry = Entry(proxy, version);
        var resources = new JsonObject();
        for (var i = 0; i < statuses.Length; i++)
        {
            var (sent, acked) = Nonces(statuses[i]);
            if (sent.Length == 0) continue;
            var resource = new JsonObject { ["sent"] = sent, ["acked"] = acked, ["sentTime"] = (sentTime ?? DateTimeOffset.MinValue).ToString("O", CultureInfo.InvariantCulture) };
            if (error.Length > 0 && statuses[i] == 'T') resource["lastError"] = error;
            resources[s_kinds[i].Url] = resource;
        }
        entry["resources"] = resources;
        return entry;
    }

    private static JsonObject Entry(string proxy, string version) => new()
    {
        ["cluster_id"] = "Kubernetes",
        ["proxy"] = proxy,
        ["proxy_type"] = "sidecar",
        ["istio_version"] = version,
    };

    private static (string Sent, string Acked) Nonces(char letter) => letter switch
    {
        'S' => ("n-2", "n-2"),
        'T' => ("n-2", "n-1"),
        'N' => ("n-2", ""),
        _ => ("", ""),
    };
}
