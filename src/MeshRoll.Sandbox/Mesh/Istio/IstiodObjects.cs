using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>The objects of one istiod beside its webhooks, with the names, labels and keys of a real installation (Istio's chart istio-discovery).</summary>
internal static class IstiodObjects
{
    /// <summary>The Service, to which proxies connect and which the API server calls.</summary>
    public static JsonObject Service(IstiodOptions istiod) => Named(istiod, istiod.ServiceName, new()
    {
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["selector"] = Selector(istiod),
            ["ports"] = new JsonArray(
                Port("grpc-xds", 15010, 15010),
                Port("https-dns", 15012, 15012),
                Port("https-webhook", 443, 15017),
                Port("http-monitoring", 15014, 15014)),
        },
    });

    /// <summary>The Deployment; the pods of it are run by the sandbox as any other.</summary>
    public static JsonObject Deployment(IstiodOptions istiod)
    {
        var podLabels = Selector(istiod);
        podLabels["istio.io/rev"] = istiod.Revision;
        podLabels["operator.istio.io/component"] = "Pilot";
        podLabels["sidecar.istio.io/inject"] = "false";
        return Named(istiod, istiod.ServiceName, new()
        {
            ["spec"] = new JsonObject
            {
                ["replicas"] = istiod.Replicas,
                ["strategy"] = new JsonObject { ["type"] = "RollingUpdate", ["rollingUpdate"] = new JsonObject { ["maxSurge"] = "100%", ["maxUnavailable"] = "25%" } },
                ["selector"] = new JsonObject { ["matchLabels"] = Selector(istiod) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["labels"] = podLabels,
                        ["annotations"] = new JsonObject { ["prometheus.io/port"] = "15014", ["prometheus.io/scrape"] = "true", ["sidecar.istio.io/inject"] = "false" },
                    },
                    ["spec"] = new JsonObject { ["serviceAccountName"] = istiod.ServiceName, ["containers"] = new JsonArray(Discovery(istiod)) },
                },
            },
        });
    }

    /// <summary>The service account it runs as.</summary>
    public static JsonObject ServiceAccount(IstiodOptions istiod) => Named(istiod, istiod.ServiceName, []);

    /// <summary>What its injector injects: the key values says from where and which version.</summary>
    public static JsonObject InjectorConfig(IstiodOptions istiod) => Named(istiod, istiod.InjectorName, new()
    {
        ["data"] = new JsonObject
        {
            ["config"] = "defaultTemplates: [sidecar]\npolicy: enabled\nalwaysInjectSelector: []\nneverInjectSelector: []\ninjectedAnnotations: {}\ntemplates: {}\n",
            ["values"] = new JsonObject
            {
                ["global"] = new JsonObject
                {
                    ["hub"] = istiod.Hub,
                    ["tag"] = istiod.Version,
                    ["variant"] = "",
                    ["istioNamespace"] = istiod.Namespace,
                    ["imagePullPolicy"] = "",
                    ["proxy"] = new JsonObject { ["image"] = istiod.ProxyImage, ["clusterDomain"] = "cluster.local" },
                    ["proxy_init"] = new JsonObject { ["image"] = istiod.ProxyImage },
                },
                ["pilot"] = new JsonObject
                {
                    ["cni"] = new JsonObject { ["enabled"] = false },
                    ["env"] = istiod.NativeSidecars ? new JsonObject { ["ENABLE_NATIVE_SIDECARS"] = "true" } : new JsonObject(),
                },
                ["revision"] = istiod.Suffix.Length == 0 ? "" : istiod.Revision,
                ["sidecarInjectorWebhook"] = new JsonObject { ["enableNamespacesByDefault"] = istiod.EnableNamespacesByDefault, ["rewriteAppHTTPProbe"] = true },
            }.ToJsonString(PlainText.Indented),
        },
    });

    /// <summary>The mesh's own settings.</summary>
    public static JsonObject MeshConfig(IstiodOptions istiod) => Named(istiod, istiod.MeshConfigName, new()
    {
        ["data"] = new JsonObject
        {
            ["mesh"] = $"defaultConfig:\n  discoveryAddress: {istiod.ServiceName}.{istiod.Namespace}.svc:15012\nenablePrometheusMerge: true\nrootNamespace: {istiod.Namespace}\ntrustDomain: cluster.local\n",
            ["meshNetworks"] = "networks: {}",
        },
    });

    /// <summary>The key pair of the mesh's authority, shared by all istiods of a namespace.</summary>
    public static JsonObject AuthoritySecret(string @namespace, string pem) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = MeshAuthority.SecretName, ["namespace"] = @namespace },
        ["type"] = "istio.io/ca-root",
        ["data"] = new JsonObject { [MeshAuthority.SecretKey] = MeshAuthority.Encode(pem) },
    };

    // As in Istio's charts: only an istiod without a revision is selected as "pilot".
    private static JsonObject Selector(IstiodOptions istiod) => istiod.Suffix.Length == 0
        ? new() { ["app"] = "istiod", ["istio"] = "pilot" }
        : new() { ["app"] = "istiod", ["istio.io/rev"] = istiod.Revision };

    private static JsonObject Discovery(IstiodOptions istiod)
    {
        var environment = new JsonArray(
            new JsonObject { ["name"] = "REVISION", ["value"] = istiod.Revision },
            new JsonObject { ["name"] = "PILOT_CERT_PROVIDER", ["value"] = "istiod" },
            Field("POD_NAME", "metadata.name"),
            Field("POD_NAMESPACE", "metadata.namespace"));
        if (istiod.NativeSidecars) environment.Add((JsonNode)new JsonObject { ["name"] = "ENABLE_NATIVE_SIDECARS", ["value"] = "true" });
        return new()
        {
            ["name"] = "discovery",
            ["image"] = $"{istiod.Hub}/pilot:{istiod.Version}",
            ["args"] = new JsonArray("discovery", "--monitoringAddr=:15014", "--log_output_level=default:info", "--domain", "cluster.local", "--keepaliveMaxServerConnectionAge", "30m"),
            ["ports"] = new JsonArray(
                new JsonObject { ["containerPort"] = 8080, ["protocol"] = "TCP", ["name"] = "http-debug" },
                new JsonObject { ["containerPort"] = 15010, ["protocol"] = "TCP", ["name"] = "grpc-xds" },
                new JsonObject { ["containerPort"] = 15012, ["protocol"] = "TCP", ["name"] = "tls-xds" },
                new JsonObject { ["containerPort"] = 15017, ["protocol"] = "TCP", ["name"] = "https-webhooks" },
                new JsonObject { ["containerPort"] = 15014, ["protocol"] = "TCP", ["name"] = "http-monitoring" }),
            ["env"] = environment,
            ["readinessProbe"] = new JsonObject
            {
                ["httpGet"] = new JsonObject { ["path"] = "/ready", ["port"] = 8080 },
                ["initialDelaySeconds"] = 1,
                ["periodSeconds"] = 3,
                ["timeoutSeconds"] = 5,
            },
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "500m", ["memory"] = "2048Mi" } },
        };
    }

    private static JsonObject Named(IstiodOptions istiod, string name, JsonObject rest)
    {
        var labels = new JsonObject
        {
            ["app"] = "istiod",
            ["istio.io/rev"] = istiod.Revision,
            ["install.operator.istio.io/owning-resource"] = "unknown",
            ["operator.istio.io/component"] = "Pilot",
            ["release"] = "istio",
        };
        if (istiod.Suffix.Length == 0) labels["istio"] = "pilot";
        var named = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = istiod.Namespace, ["labels"] = labels } };
        foreach (var (key, value) in rest.ToList())
        {
            rest.Remove(key);
            named[key] = value;
        }
        return named;
    }

    private static JsonObject Port(string name, int port, int target) => new() { ["name"] = name, ["port"] = port, ["protocol"] = "TCP", ["targetPort"] = target };

    private static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = path } } };
}
