using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>What istiod does to a pod: one proxy container, one init container, volumes, labels and the status annotation.</summary>
internal static class SidecarInjection
{
    private const string Proxy = "istio-proxy";
    private const string Init = "istio-init";
    private const string InjectName = "sidecar.istio.io/inject";
    private const string TemplatesAnnotation = "inject.istio.io/templates";

    private static readonly HashSet<string> SystemNamespaces = ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"];
    private static readonly string[] Volumes = ["istio-envoy", "istio-data", "istio-podinfo", "istiod-ca-cert"];

    /// <summary>Returns a JSON patch for the pod, or null when this pod gets no sidecar.</summary>
    public static JsonArray? Patch(JsonObject pod, string @namespace, FakeIstiodOptions istiod)
    {
        var spec = pod["spec"]!.AsObject();
        var labels = Copy(pod["metadata"]?["labels"]);
        var annotations = Copy(pod["metadata"]?["annotations"]);
        // The label wins over the older annotation.
        var wish = (string?)labels[InjectName] ?? (string?)annotations[InjectName];
        if (wish == "false" || SystemNamespaces.Contains(@namespace) || ((bool?)spec["hostNetwork"] ?? false))
        {
            return null;
        }

        var gateway = (string?)annotations[TemplatesAnnotation] == "gateway";
        var image = ImageFor(istiod, annotations);
        var containers = spec["containers"]!.DeepClone().AsArray();
        if (containers.FirstOrDefault(container => (string?)container!["name"] == Proxy) is { } existing)
        {
            // A container that the pod brings along overrides the template's; "auto" asks for the template's image.
            existing["image"] = (string?)existing["image"] is "auto" or null ? image : (string?)existing["image"];
        }
        else
        {
            containers.Add(ProxyContainer(image));
        }

        var initContainers = spec["initContainers"]?.DeepClone().AsArray() ?? [];
        if (!gateway && !initContainers.Any(container => (string?)container!["name"] == Init))
        {
            initContainers.Insert(0, InitContainer(image));
        }

        var volumes = spec["volumes"]?.DeepClone().AsArray() ?? [];
        foreach (var name in Volumes.Where(name => !volumes.Any(volume => (string?)volume!["name"] == name)))
        {
            volumes.Add(Volume(name));
        }

        labels.TryAdd("service.istio.io/canonical-name", CanonicalName(pod, labels));
        labels.TryAdd("service.istio.io/canonical-revision", (string?)labels["version"] ?? "latest");
        labels["security.istio.io/tlsMode"] = "istio";
        labels["istio.io/rev"] = istiod.Revision;
        annotations["sidecar.istio.io/status"] = Status(istiod, gateway);
        return
        [
            Operation("/metadata/labels", labels),
            Operation("/metadata/annotations", annotations),
            Operation("/spec/initContainers", initContainers),
            Operation("/spec/containers", containers),
            Operation("/spec/volumes", volumes),
        ];
    }

    private static string ImageFor(FakeIstiodOptions istiod, JsonObject annotations)
    {
        var custom = (string?)annotations["sidecar.istio.io/proxyImage"];
        var variant = (string?)annotations["sidecar.istio.io/proxyImageType"];
        return custom ?? $"{istiod.Hub}/{istiod.ProxyImage}:{istiod.Version}{(variant is null or "default" ? string.Empty : "-" + variant)}";
    }

    private static string CanonicalName(JsonObject pod, JsonObject labels)
        => (string?)labels["app.kubernetes.io/name"] ?? (string?)labels["app"] ?? (string?)pod["metadata"]?["name"] ?? "unknown";

    private static string Status(FakeIstiodOptions istiod, bool gateway) => new JsonObject
    {
        ["initContainers"] = gateway ? null : new JsonArray(Init),
        ["containers"] = new JsonArray(Proxy),
        ["volumes"] = new JsonArray([.. Volumes.Select(name => JsonValue.Create(name))]),
        ["imagePullSecrets"] = null,
        ["revision"] = istiod.Revision,
    }.ToJsonString();

    private static JsonObject ProxyContainer(string image) => new()
    {
        ["name"] = Proxy,
        ["image"] = image,
        ["args"] = new JsonArray("proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http-envoy-prom", ["containerPort"] = 15090, ["protocol"] = "TCP" }),
        ["env"] = new JsonArray(Field("POD_NAME", "metadata.name"), Field("POD_NAMESPACE", "metadata.namespace"), Field("INSTANCE_IP", "status.podIP")),
        ["readinessProbe"] = new JsonObject
        {
            ["httpGet"] = new JsonObject { ["path"] = "/healthz/ready", ["port"] = 15021 },
            ["periodSeconds"] = 15,
            ["timeoutSeconds"] = 3,
            ["failureThreshold"] = 4,
        },
        ["resources"] = Resources(),
        ["securityContext"] = new JsonObject { ["runAsUser"] = 1337, ["runAsGroup"] = 1337, ["runAsNonRoot"] = true },
        ["volumeMounts"] = new JsonArray([.. Volumes.Select(name => new JsonObject { ["name"] = name, ["mountPath"] = "/etc/istio/" + name })]),
    };

    private static JsonObject InitContainer(string image) => new()
    {
        ["name"] = Init,
        ["image"] = image,
        ["args"] = new JsonArray("istio-iptables", "-p", "15001", "-z", "15006", "-u", "1337"),
        ["resources"] = Resources(),
        ["securityContext"] = new JsonObject
        {
            ["capabilities"] = new JsonObject { ["add"] = new JsonArray("NET_ADMIN", "NET_RAW") },
            ["runAsUser"] = 0,
        },
    };

    private static JsonObject Resources() => new()
    {
        ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" },
        ["limits"] = new JsonObject { ["cpu"] = "2", ["memory"] = "1Gi" },
    };

    private static JsonObject Volume(string name) => name == "istiod-ca-cert"
        ? new JsonObject { ["name"] = name, ["configMap"] = new JsonObject { ["name"] = "istio-ca-root-cert" } }
        : new JsonObject { ["name"] = name, ["emptyDir"] = new JsonObject() };

    private static JsonObject Field(string name, string path)
        => new() { ["name"] = name, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } } };

    private static JsonObject Operation(string path, JsonNode value) => new() { ["op"] = "add", ["path"] = path, ["value"] = value };

    private static JsonObject Copy(JsonNode? map) => map?.DeepClone().AsObject() ?? [];
}
