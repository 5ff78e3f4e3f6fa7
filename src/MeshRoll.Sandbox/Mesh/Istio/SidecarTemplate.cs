using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>The containers and volumes of Istio's injection template, in short: what tools read of them, without what only a real proxy needs.</summary>
internal static class SidecarTemplate
{
    /// <summary>The proxy.</summary>
    public const string ProxyName = "istio-proxy";

    /// <summary>What redirects the traffic.</summary>
    public const string InitName = "istio-init";

    /// <summary>The environment variable that tells a proxy its istiod.</summary>
    public const string ProxyConfigVariable = "PROXY_CONFIG";

    /// <summary>The volumes.</summary>
    public static IReadOnlyList<string> VolumeNames { get; } = ["istio-envoy", "istio-data", "istio-podinfo", "istiod-ca-cert"];

    /// <summary>The proxy's container.</summary>
    public static JsonObject Proxy(InjectorConfig config, string image, IReadOnlyDictionary<string, string> annotations, bool isGateway)
    {
        var discovery = $"istiod{(config.Revision == IstiodOptions.DefaultRevision ? "" : "-" + config.Revision)}.{config.IstioNamespace}.svc:15012";
        var container = new JsonObject
        {
            ["name"] = ProxyName,
            ["image"] = image,
            ["args"] = new JsonArray("proxy", isGateway ? "router" : "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"),
            ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 15090, ["name"] = "http-envoy-prom", ["protocol"] = "TCP" }),
            ["env"] = new JsonArray(
                Variable("CA_ADDR", discovery),
                Field("POD_NAME", "metadata.name"),
                Field("POD_NAMESPACE", "metadata.namespace"),
                Field("INSTANCE_IP", "status.podIP"),
                Variable(ProxyConfigVariable, $"{{\"discoveryAddress\":\"{discovery}\"}}\n"),
                Variable("ISTIO_META_CLUSTER_ID", "Kubernetes")),
            ["imagePullPolicy"] = config.PullPolicy,
            ["readinessProbe"] = Probe(period: 15, failures: 4),
            ["startupProbe"] = Probe(period: 1, failures: 600),
            ["resources"] = Resources(annotations),
            ["securityContext"] = new JsonObject { ["runAsUser"] = 1337, ["runAsGroup"] = 1337, ["runAsNonRoot"] = true },
            ["terminationMessagePath"] = "/dev/termination-log",
            ["terminationMessagePolicy"] = "File",
            ["volumeMounts"] = new JsonArray(
                Mount("istiod-ca-cert", "/var/run/secrets/istio"),
                Mount("istio-data", "/var/lib/istio/data"),
                Mount("istio-envoy", "/etc/istio/proxy"),
                Mount("istio-podinfo", "/etc/istio/pod")),
        };
        return container;
    }

    /// <summary>The init container.</summary>
    public static JsonObject Init(InjectorConfig config, string image) => new()
    {
        ["name"] = InitName,
        ["image"] = image,
        ["args"] = new JsonArray("istio-iptables", "-p", "15001", "-z", "15006", "-u", "1337", "-m", "REDIRECT", "-i", "*", "-x", "", "-b", "*", "-d", "15090,15021,15020"),
        ["imagePullPolicy"] = config.PullPolicy,
        ["resources"] = Resources(new Dictionary<string, string>()),
        ["securityContext"] = new JsonObject { ["capabilities"] = new JsonObject { ["add"] = new JsonArray("NET_ADMIN", "NET_RAW") }, ["runAsUser"] = 0, ["runAsGroup"] = 0, ["runAsNonRoot"] = false },
        ["terminationMessagePath"] = "/dev/termination-log",
        ["terminationMessagePolicy"] = "File",
    };

    /// <summary>The volumes.</summary>
    public static IEnumerable<JsonObject> Volumes() =>
    [
        new() { ["name"] = "istio-envoy", ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } },
        new() { ["name"] = "istio-data", ["emptyDir"] = new JsonObject() },
        new()
        {
            ["name"] = "istio-podinfo",
            ["downwardAPI"] = new JsonObject
            {
                ["defaultMode"] = 420,
                ["items"] = new JsonArray(
                    new JsonObject { ["path"] = "labels", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.labels" } },
                    new JsonObject { ["path"] = "annotations", ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.annotations" } }),
            },
        },
        new() { ["name"] = "istiod-ca-cert", ["configMap"] = new JsonObject { ["defaultMode"] = 420, ["name"] = "istio-ca-root-cert" } },
    ];

    private static JsonObject Resources(IReadOnlyDictionary<string, string> annotations)
    {
        return new()
        {
            ["limits"] = new JsonObject { ["cpu"] = Wish("proxyCPULimit", "2"), ["memory"] = Wish("proxyMemoryLimit", "1Gi") },
            ["requests"] = new JsonObject { ["cpu"] = Wish("proxyCPU", "100m"), ["memory"] = Wish("proxyMemory", "128Mi") },
        };

        string Wish(string name, string otherwise) => annotations.GetValueOrDefault("sidecar.istio.io/" + name) ?? otherwise;
    }

    private static JsonObject Probe(int period, int failures) => new()
    {
        ["failureThreshold"] = failures,
        ["httpGet"] = new JsonObject { ["path"] = "/healthz/ready", ["port"] = 15021, ["scheme"] = "HTTP" },
        ["periodSeconds"] = period,
        ["successThreshold"] = 1,
        ["timeoutSeconds"] = 3,
    };

    private static JsonObject Mount(string name, string path) => new() { ["mountPath"] = path, ["name"] = name };

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Field(string name, string path) =>
        new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = path } } };
}
