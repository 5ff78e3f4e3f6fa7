using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>
/// What istiod does to a pod: proxy, init container, volumes, labels and annotations. A pod that an injector has been at before is stripped of what that
/// one has put in, then injected anew: where two active webhooks match, the later one's sidecar stays (stripPod and reorderPod in Istio's
/// pkg/kube/inject).
/// </summary>
internal static class SidecarInjection
{
    /// <summary>What an injector has done to a pod, as JSON.</summary>
    public const string StatusAnnotation = "sidecar.istio.io/status";

    private const string StatusPort = "15020";

    // Newer injectors tell the revision by an annotation; up to 1.16 it was a label.
    private static readonly Version LabelsUntil = new(1, 17);

    /// <summary>Injects into a pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="config">What the injector injects.</param>
    /// <param name="workload">The workload's name.</param>
    public static void Apply(JsonObject pod, string @namespace, InjectorConfig config, string workload)
    {
        Strip(pod);
        var (metadata, spec) = (pod.Object("metadata"), pod.Object("spec"));
        var annotations = metadata.Map("annotations");
        var isGateway = annotations.GetValueOrDefault("inject.istio.io/templates") == "gateway";
        var image = config.Image(annotations);
        var template = SidecarTemplate.Proxy(config, image, annotations, isGateway);

        var injectedInit = new List<string>();
        var injected = new List<string>();
        PlaceProxy(spec, template, config.NativeSidecars && !isGateway, injected, injectedInit);
        if (!isGateway)
        {
            PlaceInit(spec, SidecarTemplate.Init(config, image), config.NativeSidecars);
            injectedInit.Insert(0, SidecarTemplate.InitName);
        }
        var volumes = spec.List("volumes");
        foreach (var volume in SidecarTemplate.Volumes())
        {
            if (!volumes.OfType<JsonObject>().Any(present => present.Text("name") == volume.Text("name"))) volumes.Add((JsonNode)volume);
        }
        Mark(metadata, spec, @namespace, config, workload, isGateway);
        metadata.Object("annotations")[StatusAnnotation] = new JsonObject
        {
            ["initContainers"] = Names(injectedInit),
            ["containers"] = Names(injected),
            ["volumes"] = Names(SidecarTemplate.VolumeNames),
            ["imagePullSecrets"] = null,
            ["revision"] = config.Revision,
        }.ToJsonString();
    }

    private static void Strip(JsonObject pod)
    {
        if (pod.Text("metadata", "annotations", StatusAnnotation) is not { } text) return;
        JsonNode? status = null;
        try
        {
            status = JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            // Somebody else's words; nothing to be taken out then.
        }
        Remove("containers");
        Remove("initContainers");
        var annotations = pod.Object("metadata", "annotations");
        if (annotations.Text("prometheus.io/port") == StatusPort)
        {
            foreach (var name in (string[])["prometheus.io/port", "prometheus.io/path", "prometheus.io/scrape"]) annotations.Remove(name);
        }
        annotations.Remove(StatusAnnotation);

        void Remove(string list)
        {
            if (status.At(list) is not JsonArray names || pod.At("spec", list) is not JsonArray containers) return;
            foreach (var container in containers.OfType<JsonObject>().Where(container => names.Any(name => name?.GetValue<string>() == container.Text("name"))).ToList()) containers.Remove(container);
            if (containers.Count == 0) pod.Object("spec").Remove(list);
        }
    }

    private static void PlaceProxy(JsonObject spec, JsonObject template, bool native, List<string> injected, List<string> injectedInit)
    {
        // A container that the pod brings along overrides the template's; "auto" asks for the template's image.
        var own = Take(spec, "containers") ?? Take(spec, "initContainers");
        if (own is not null)
        {
            foreach (var (key, value) in own.ToList())
            {
                if (key == "image" && value is JsonValue && own.Text("image") is "auto" or "") continue;
                own.Remove(key);
                template[key] = value;
            }
        }
        if (!native)
        {
            spec.List("containers").Add((JsonNode)template);
            injected.Add(SidecarTemplate.ProxyName);
            return;
        }
        template["restartPolicy"] = "Always";
        spec.List("initContainers").Insert(0, template);
        injectedInit.Add(SidecarTemplate.ProxyName);
    }

    private static JsonObject? Take(JsonObject spec, string list)
    {
        if (spec[list] is not JsonArray containers || containers.OfType<JsonObject>().FirstOrDefault(container => container.Text("name") == SidecarTemplate.ProxyName) is not { } own) return null;
        containers.Remove(own);
        return own;
    }

    /// <summary>The traffic is redirected last, so that the application's init containers still reach the network; with a native sidecar first.</summary>
    private static void PlaceInit(JsonObject spec, JsonObject container, bool native)
    {
        var list = spec.List("initContainers");
        foreach (var old in list.OfType<JsonObject>().Where(present => present.Text("name") == SidecarTemplate.InitName).ToList()) list.Remove(old);
        list.Insert(native ? 0 : list.Count, container);
    }

    private static void Mark(JsonObject metadata, JsonObject spec, string @namespace, InjectorConfig config, string workload, bool isGateway)
    {
        var labels = metadata.Object("labels");
        var name = labels.Text("app.kubernetes.io/name") ?? labels.Text("app") ?? (workload.Length > 0 ? workload : metadata.Text("name") ?? @namespace);
        labels.Fill("security.istio.io/tlsMode", "istio");
        labels.Fill("service.istio.io/canonical-name", name.Length > 63 ? name[..63].TrimEnd('-') : name);
        labels.Fill("service.istio.io/canonical-revision", labels.Text("app.kubernetes.io/version") ?? labels.Text("version") ?? "latest");

        var annotations = metadata.Object("annotations");
        if (Version.TryParse(config.Tag.Split('-')[0], out var version) && version < LabelsUntil) labels["istio.io/rev"] = config.Revision;
        else annotations["istio.io/rev"] = config.Revision;
        if (!isGateway && spec.Items("containers").FirstOrDefault(container => container.Text("name") != SidecarTemplate.ProxyName).Text("name") is { } application)
        {
            annotations.Fill("kubectl.kubernetes.io/default-logs-container", application);
            annotations.Fill("kubectl.kubernetes.io/default-container", application);
        }
        if (annotations.Text("prometheus.io/scrape") is not (null or "true")) return;
        annotations["prometheus.io/scrape"] = "true";
        annotations["prometheus.io/port"] = StatusPort;
        annotations["prometheus.io/path"] = "/stats/prometheus";
    }

    private static JsonArray? Names(IReadOnlyCollection<string> names) => names.Count == 0 ? null : [.. names.Select(name => JsonValue.Create(name))];
}
