using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>Small builders of the objects a mesh consists of.</summary>
public static class Mesh
{
    public static Namespace Namespace(string name, params string[] labels) => new() { Metadata = new() { Name = name, Uid = "ns-" + name, Labels = Map(labels) } };

    /// <summary>A pod of Deployment <paramref name="workload"/> with Istio's sidecar of a version and revision.</summary>
    public static Pod Pod(string @namespace, string name, string workload = "web", string version = "1.27.0", string? revision = "default") => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = @namespace,
            Uid = $"{@namespace}-{name}",
            Labels = Map($"pod-template-hash=abc"),
            Annotations = revision is null ? Map() : new Dictionary<string, string> { ["sidecar.istio.io/status"] = $$"""{"containers":["istio-proxy"],"revision":"{{revision}}"}""" },
            OwnerReferences = [Owner("apps/v1", "ReplicaSet", $"{workload}-abc")],
        },
        Spec = new() { Containers = [new() { Name = "app", Image = "shop/app:1" }, new() { Name = "istio-proxy", Image = $"docker.io/istio/proxyv2:{version}" }] },
        Status = new()
        {
            Phase = "Running",
            StartTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Conditions = [new() { Type = "Ready", Status = "True" }],
            ContainerStatuses = [new() { Name = "istio-proxy", Ready = true, RestartCount = 2 }],
        },
    };

    public static Pod WithLabels(this Pod pod, params string[] labels) =>
        pod with { Metadata = pod.Metadata with { Labels = Merge(pod.Metadata.Labels, labels) } };

    public static Pod WithAnnotations(this Pod pod, params string[] annotations) =>
        pod with { Metadata = pod.Metadata with { Annotations = Merge(pod.Metadata.Annotations, annotations) } };

    public static Pod OwnedBy(this Pod pod, params OwnerReference[] owners) => pod with { Metadata = pod.Metadata with { OwnerReferences = owners } };

    public static Pod WithContainers(this Pod pod, params Container[] containers) => pod with { Spec = pod.Spec with { Containers = containers } };

    public static Container Container(string name, string image, string? restartPolicy = null) => new() { Name = name, Image = image, RestartPolicy = restartPolicy };

    public static OwnerReference Owner(string apiVersion, string kind, string name) => new() { ApiVersion = apiVersion, Kind = kind, Name = name, Uid = name, Controller = true };

    public static PodTemplate Template(params string[] labels) => new()
    {
        Metadata = new() { Labels = Map(labels) },
        Spec = new() { Containers = [new() { Name = "app", Image = "shop/app:1" }] },
    };

    public static Deployment Deployment(string @namespace, string name, int replicas = 1, params string[] labels) => new()
    {
        Metadata = new() { Name = name, Namespace = @namespace, Uid = $"{@namespace}-{name}", Labels = Map(labels) },
        Spec = new() { Replicas = replicas, Template = Template(), Strategy = new() { Type = "RollingUpdate" } },
        Status = new() { ReadyReplicas = replicas },
    };

    /// <summary>The injector webhook of a revision, as Istio's chart makes it; another service when somebody has switched it.</summary>
    public static MutatingWebhookConfiguration Injector(string revision = "default", string? service = null, string istiod = "istio-system") => Webhook(
        revision == "default" ? "istio-sidecar-injector" : $"istio-sidecar-injector-{revision}", "rev.namespace.sidecar-injector.istio.io",
        service ?? (revision == "default" ? "istiod" : $"istiod-{revision}"), istiod, $"istio.io/rev={revision}", "app=sidecar-injector");

    /// <summary>A tag, as istioctl makes it.</summary>
    public static MutatingWebhookConfiguration Tag(string tag, string revision, string istiod = "istio-system") => Webhook(
        $"istio-revision-tag-{tag}", "rev.namespace.sidecar-injector.istio.io", revision == "default" ? "istiod" : $"istiod-{revision}", istiod,
        $"istio.io/rev={revision}", $"istio.io/tag={tag}");

    public static MutatingWebhookConfiguration Webhook(string name, string entry, string? service, string place, params string[] labels) => new()
    {
        Metadata = new() { Name = name, Uid = name, Labels = Map(labels) },
        Webhooks = [new() { Name = entry, ClientConfig = service is null ? new() { Url = "https://elsewhere:15017/inject" } : new() { Service = new() { Name = service, Namespace = place, Path = "/inject" } } }],
    };

    /// <summary>The injector ConfigMap of a revision.</summary>
    public static ConfigMap InjectorMap(string version, string revision = "default", string istiod = "istio-system", Action<JsonObject>? change = null, bool labelled = true)
    {
        var values = new JsonObject
        {
            ["global"] = new JsonObject { ["hub"] = "docker.io/istio", ["tag"] = version, ["proxy"] = new JsonObject { ["image"] = "proxyv2", ["autoInject"] = "enabled" } },
            ["revision"] = revision == "default" ? "" : revision,
            ["sidecarInjectorWebhook"] = new JsonObject { ["enableNamespacesByDefault"] = false },
        };
        change?.Invoke(values);
        var name = revision == "default" ? "istio-sidecar-injector" : $"istio-sidecar-injector-{revision}";
        return new()
        {
            Metadata = new() { Name = name, Namespace = istiod, Uid = istiod + name, Labels = labelled ? Map($"istio.io/rev={revision}") : Map() },
            Data = new Dictionary<string, string> { ["values"] = values.ToJsonString(), ["config"] = "policy: enabled" },
        };
    }

    public static Dictionary<string, string> Map(params string[] entries) => Merge(new Dictionary<string, string>(), entries);

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> known, string[] entries)
    {
        Dictionary<string, string> map = new(known);
        foreach (var entry in entries)
        {
            var at = entry.IndexOf('=', StringComparison.Ordinal);
            map[entry[..at]] = entry[(at + 1)..];
        }
        return map;
    }
}
