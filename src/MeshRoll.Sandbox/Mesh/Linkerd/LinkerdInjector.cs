using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Mesh.Webhooks;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Linkerd;

/// <summary>Plays Linkerd's proxy injector: the annotation linkerd.io/inject of the pod decides, then the namespace's.</summary>
internal sealed class LinkerdInjector(Cluster cluster) : IInjector
{
    private const string InjectAnnotation = "linkerd.io/inject";
    private const string WantedVersion = "config.linkerd.io/proxy-version";
    private const string Native = "config.alpha.linkerd.io/proxy-enable-native-sidecar";
    private const string Proxy = "linkerd-proxy";

    private (StoredObject Map, LinkerdValues? Values)? _known;

    /// <inheritdoc/>
    public bool Is(StoredObject pod) => pod.Labels.GetValueOrDefault("linkerd.io/control-plane-component") == "proxy-injector";

    /// <inheritdoc/>
    public bool IsTrusted(StoredObject pod, string authority) => authority.Length > 0;

    /// <inheritdoc/>
    public void Inject(StoredObject injector, string path, AdmissionRequest request)
    {
        if (request.Resource != ApiResources.Pods) return;
        var (pod, spec) = (request.Object, request.Object.Object("spec"));
        var home = cluster.Store.Find(ApiResources.Namespaces, "", request.Namespace)?.ToJson();
        if (Wish(InjectAnnotation) is not ("enabled" or "ingress") || spec.Flag("hostNetwork") || HasProxy()) return;
        var values = ValuesOf(injector) ?? throw WebhookFailure.Refused("failed to read the values of linkerd-config");

        var version = Wish(WantedVersion) ?? values.ProxyVersion;
        var container = Container($"{values.ProxyImage}:{version}");
        spec.List("initContainers").Add((JsonNode)Init(values.InitImage));
        if ((Wish(Native) ?? (values.NativeSidecars ? "true" : "false")) == "true")
        {
            container["restartPolicy"] = "Always";
            spec.List("initContainers").Add((JsonNode)container);
        }
        else
        {
            // First, so that the application's containers wait until it is there (linkerd-await).
            spec.List("containers").Insert(0, container);
        }
        spec.List("volumes").Add((JsonNode)new JsonObject { ["name"] = "linkerd-identity-end-entity", ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } });
        Mark(pod.Object("metadata"), injector.Namespace, request.Namespace, values.LinkerdVersion, version);

        string? Wish(string annotation) => pod.Text("metadata", "annotations", annotation) ?? home.Text("metadata", "annotations", annotation);

        bool HasProxy() => spec.Items("containers").Concat(spec.Items("initContainers")).Any(present => present.Text("name") == Proxy);
    }

    private LinkerdValues? ValuesOf(StoredObject injector)
    {
        if (cluster.Store.Find(ApiResources.ConfigMaps, injector.Namespace, LinkerdControlPlane.ConfigName) is not { } map) return null;
        if (_known is { } known && known.Map == map) return known.Values;
        _known = (map, LinkerdValues.Read(map));
        return _known.Value.Values;
    }

    private static void Mark(JsonObject metadata, string home, string @namespace, string linkerdVersion, string proxyVersion)
    {
        var annotations = metadata.Object("annotations");
        annotations["linkerd.io/created-by"] = $"linkerd/proxy-injector {linkerdVersion}";
        annotations["linkerd.io/inject"] = annotations.Text(InjectAnnotation) ?? "enabled";
        annotations["linkerd.io/proxy-version"] = proxyVersion;
        var labels = metadata.Object("labels");
        labels["linkerd.io/control-plane-ns"] = home;
        labels["linkerd.io/workload-ns"] = @namespace;
    }

    private static JsonObject Container(string image) => new()
    {
        ["name"] = Proxy,
        ["image"] = image,
        ["imagePullPolicy"] = "IfNotPresent",
        ["ports"] = new JsonArray(
            new JsonObject { ["containerPort"] = 4143, ["name"] = "linkerd-proxy", ["protocol"] = "TCP" },
            new JsonObject { ["containerPort"] = 4191, ["name"] = "linkerd-admin", ["protocol"] = "TCP" }),
        ["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/ready", ["port"] = 4191 }, ["initialDelaySeconds"] = 2, ["periodSeconds"] = 10 },
        ["resources"] = new JsonObject(),
        ["securityContext"] = new JsonObject { ["runAsUser"] = 2102, ["runAsNonRoot"] = true },
        ["volumeMounts"] = new JsonArray(new JsonObject { ["mountPath"] = "/var/run/linkerd/identity/end-entity", ["name"] = "linkerd-identity-end-entity" }),
    };

    private static JsonObject Init(string image) => new()
    {
        ["name"] = "linkerd-init",
        ["image"] = image,
        ["imagePullPolicy"] = "IfNotPresent",
        ["args"] = new JsonArray("--incoming-proxy-port", "4143", "--outgoing-proxy-port", "4140", "--proxy-uid", "2102"),
        ["resources"] = new JsonObject(),
    };
}
