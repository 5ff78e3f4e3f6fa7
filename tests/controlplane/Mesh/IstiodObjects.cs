using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>The objects of one istiod beside its webhooks, with the names, labels and keys that a real installation has.</summary>
internal static class IstiodObjects
{
    public static JsonObject Service(FakeIstiodOptions istiod, int port) => Named("v1", "Service", istiod, istiod.ServiceName, new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["selector"] = Selector(istiod),
            ["ports"] = new JsonArray(
                Port("grpc-xds", 15010, 15010),
                Port("https-dns", 15012, 15012),
                Port("https-webhook", port, 15017),
                Port("http-monitoring", 15014, 15014)),
        },
    });

    public static JsonObject Deployment(FakeIstiodOptions istiod)
    {
        var podLabels = Selector(istiod);
        podLabels["istio.io/rev"] = istiod.Revision;
        podLabels["sidecar.istio.io/inject"] = "false";
        return Named("apps/v1", "Deployment", istiod, istiod.ServiceName, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["replicas"] = istiod.Replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = Selector(istiod) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = podLabels },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "discovery",
                            ["image"] = $"{istiod.Hub}/pilot:{istiod.Version}",
                            ["args"] = new JsonArray("discovery", "--monitoringAddr=:15014"),
                            ["env"] = new JsonArray(new JsonObject { ["name"] = "REVISION", ["value"] = istiod.Revision }),
                        }),
                    },
                },
            },
        });
    }

    public static JsonObject InjectorConfigMap(FakeIstiodOptions istiod) => Named("v1", "ConfigMap", istiod, istiod.InjectorName, new JsonObject
    {
        ["data"] = new JsonObject
        {
            ["values"] = new JsonObject
            {
                ["global"] = new JsonObject
                {
                    ["hub"] = istiod.Hub,
                    ["tag"] = istiod.Version,
                    ["istioNamespace"] = istiod.Namespace,
                    ["proxy"] = new JsonObject { ["image"] = istiod.ProxyImage },
                    ["proxy_init"] = new JsonObject { ["image"] = istiod.ProxyImage },
                },
                ["revision"] = istiod.Suffix.TrimStart('-'),
                ["sidecarInjectorWebhook"] = new JsonObject { ["enableNamespacesByDefault"] = false },
            }.ToJsonString(),
            ["config"] = "policy: enabled\ndefaultTemplates: [sidecar]\ntemplates: {}\n",
        },
    });

    public static JsonObject MeshConfigMap(FakeIstiodOptions istiod) => Named("v1", "ConfigMap", istiod, "istio" + istiod.Suffix, new JsonObject
    {
        ["data"] = new JsonObject
        {
            ["mesh"] = $"defaultConfig:\n  discoveryAddress: {istiod.ServiceName}.{istiod.Namespace}.svc:15012\nrootNamespace: {istiod.Namespace}\ntrustDomain: cluster.local\n",
            ["meshNetworks"] = "networks: {}",
        },
    });

    // As in Istio's charts: only an istiod without a revision is selected as "pilot".
    private static JsonObject Selector(FakeIstiodOptions istiod) => istiod.Suffix.Length == 0
        ? new JsonObject { ["app"] = "istiod", ["istio"] = "pilot" }
        : new JsonObject { ["app"] = "istiod", ["istio.io/rev"] = istiod.Revision };

    private static JsonObject Named(string apiVersion, string kind, FakeIstiodOptions istiod, string name, JsonObject rest)
    {
        rest["apiVersion"] = apiVersion;
        rest["kind"] = kind;
        rest["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = istiod.Namespace,
            ["labels"] = new JsonObject { ["app"] = "istiod", ["istio.io/rev"] = istiod.Revision, ["release"] = "istio" },
        };
        return rest;
    }

    private static JsonObject Port(string name, int port, int target) => new() { ["name"] = name, ["port"] = port, ["targetPort"] = target };
}
