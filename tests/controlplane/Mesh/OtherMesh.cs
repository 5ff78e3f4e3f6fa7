using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>
/// A mesh that is not Istio, as its charts install it: the injector's Deployment, Service and webhook, and where it keeps which proxy it injects.
/// Its webhook sees the one namespace it is told, so that it lives beside others.
/// </summary>
public sealed record OtherMesh
{
    /// <summary>Linkerd.</summary>
    public static OtherMesh Linkerd { get; } = new()
    {
        Name = "Linkerd",
        Namespace = "linkerd",
        Injector = "linkerd-proxy-injector",
        Webhook = "linkerd-proxy-injector.linkerd.io",
        Container = "linkerd-proxy",
        Image = "cr.l5d.io/linkerd/proxy",
        Labels = new Dictionary<string, string> { ["linkerd.io/control-plane-component"] = "proxy-injector" },
        PodAnnotation = "linkerd.io/proxy-version",
    };

    /// <summary>Consul.</summary>
    public static OtherMesh Consul { get; } = new()
    {
        Name = "Consul",
        Namespace = "consul",
        Injector = "consul-connect-injector",
        Webhook = "consul-connect-injector.consul.hashicorp.com",
        Container = "consul-dataplane",
        Image = "hashicorp/consul-dataplane",
        Labels = new Dictionary<string, string> { ["app"] = "consul", ["component"] = "connect-injector" },
        PodAnnotation = "consul.hashicorp.com/connect-inject-status",
    };

    /// <summary>The mesh's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it lives.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name of the injector's Deployment, Service and webhook configuration.</summary>
    public required string Injector { get; init; }

    /// <summary>The name of the webhook's entry.</summary>
    public required string Webhook { get; init; }

    /// <summary>The proxy's container.</summary>
    public required string Container { get; init; }

    /// <summary>The proxy's image without its tag.</summary>
    public required string Image { get; init; }

    /// <summary>The labels of the injector's pods.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What injected pods say.</summary>
    public required string PodAnnotation { get; init; }

    /// <summary>The objects of the control plane in a version, but for the webhook. Each can be applied over an older one.</summary>
    public IEnumerable<JsonObject> Objects(string version, int port)
    {
        yield return Named("v1", "Service", Injector, new JsonObject
        {
            ["spec"] = new JsonObject { ["selector"] = Map(Labels), ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = port, ["targetPort"] = 8443 }) },
        });
        if (this == Linkerd)
        {
            yield return Named("v1", "ConfigMap", "linkerd-config", new JsonObject
            {
                ["data"] = new JsonObject { ["values"] = $"linkerdVersion: {version}\nproxy:\n  image:\n    name: {Image}\n    version: \"\"\nproxyInit:\n  image:\n    name: cr.l5d.io/linkerd/proxy-init\n    version: v2.4.1\n" },
            });
        }
        yield return Named("apps/v1", "Deployment", Injector, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = Map(Labels) },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Map(Labels) },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "injector",
                            ["image"] = $"example.org/injector:{version}",
                            ["command"] = new JsonArray("/bin/sh", "-ec", $"exec inject-connect \\\n  -default-inject=true \\\n  -consul-dataplane-image=\"{Image}:{version}\""),
                        }),
                    },
                },
            },
        });
    }

    /// <summary>The webhook, for pods of namespaces with a label.</summary>
    public JsonObject WebhookConfiguration(string label, string value, int port, string authorityPem) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "MutatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = Injector },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = Webhook,
            ["clientConfig"] = new JsonObject
            {
                ["caBundle"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authorityPem)),
                ["service"] = new JsonObject { ["name"] = Injector, ["namespace"] = Namespace, ["path"] = "/inject", ["port"] = port },
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("CREATE"),
                ["apiGroups"] = new JsonArray(string.Empty),
                ["apiVersions"] = new JsonArray("v1"),
                ["resources"] = new JsonArray("pods"),
            }),
            ["failurePolicy"] = "Fail",
            ["sideEffects"] = "None",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [label] = value } },
        }),
    };

    /// <summary>What the injector does to a pod.</summary>
    internal JsonArray Patch(JsonObject pod, string version)
    {
        var annotations = pod["metadata"]?["annotations"]?.DeepClone().AsObject() ?? [];
        annotations[PodAnnotation] = this == Linkerd ? version : "injected";
        return
        [
            new JsonObject { ["op"] = "add", ["path"] = "/metadata/annotations", ["value"] = annotations },
            new JsonObject { ["op"] = "add", ["path"] = "/spec/containers/-", ["value"] = new JsonObject { ["name"] = Container, ["image"] = $"{Image}:{version}" } },
        ];
    }

    private JsonObject Named(string apiVersion, string kind, string name, JsonObject rest)
    {
        rest["apiVersion"] = apiVersion;
        rest["kind"] = kind;
        rest["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace, ["labels"] = Map(Labels) };
        return rest;
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> labels) => new(labels.Select(label => new KeyValuePair<string, JsonNode?>(label.Key, label.Value)));
}
