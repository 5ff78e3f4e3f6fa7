using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Mesh.Webhooks;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Mesh.Consul;

/// <summary>Plays Consul's connect injector: the pod's annotation decides, then the injector's default; the image is the one its own flags name.</summary>
internal sealed partial class ConsulInjector : IInjector
{
    private const string Status = "consul.hashicorp.com/connect-inject-status";
    private const string Proxy = "consul-dataplane";

    /// <inheritdoc/>
    public bool Is(StoredObject pod) => pod.Labels.GetValueOrDefault("component") == "connect-injector";

    /// <inheritdoc/>
    public bool IsTrusted(StoredObject pod, string authority) => authority.Length > 0;

    /// <inheritdoc/>
    public void Inject(StoredObject injector, string path, AdmissionRequest request)
    {
        if (request.Resource != ApiResources.Pods) return;
        var flags = string.Join(' ', injector.ToJson().Items("spec", "containers").SelectMany(container => container.At("command") is JsonArray words ? words.Select(word => word?.ToString()) : []));
        var (metadata, spec) = (request.Object.Object("metadata"), request.Object.Object("spec"));
        if (request.Namespace is "kube-system" or "kube-public" || spec.Flag("hostNetwork") || metadata.Text("annotations", Status) == "injected") return;
        var wish = metadata.Text("annotations", "consul.hashicorp.com/connect-inject");
        if (wish is null ? !DefaultInject().IsMatch(flags) : wish.ToUpperInvariant() is not ("TRUE" or "T" or "1")) return;
        if (DataplaneImage().Match(flags) is not { Success: true } image) throw WebhookFailure.Refused("no dataplane image configured");

        spec.List("initContainers").Add((JsonNode)new JsonObject
        {
            ["name"] = "consul-connect-inject-init",
            ["image"] = injector.ToJson().Items("spec", "containers").First().Text("image"),
            ["imagePullPolicy"] = "IfNotPresent",
            ["resources"] = Resources("50m", "25Mi"),
        });
        spec.List("containers").Add((JsonNode)new JsonObject
        {
            ["name"] = Proxy,
            ["image"] = image.Groups[1].Value,
            ["imagePullPolicy"] = "IfNotPresent",
            ["readinessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = 20000 }, ["initialDelaySeconds"] = 1, ["periodSeconds"] = 10 },
            ["resources"] = new JsonObject(),
            ["volumeMounts"] = new JsonArray(new JsonObject { ["mountPath"] = "/consul/connect-inject", ["name"] = "consul-connect-inject-data" }),
        });
        spec.List("volumes").Add((JsonNode)new JsonObject { ["name"] = "consul-connect-inject-data", ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } });
        metadata.Object("annotations")[Status] = "injected";
        metadata.Object("labels")[Status] = "injected";
    }

    private static JsonObject Resources(string cpu, string memory) => new()
    {
        ["limits"] = new JsonObject { ["cpu"] = cpu, ["memory"] = "150Mi" },
        ["requests"] = new JsonObject { ["cpu"] = cpu, ["memory"] = memory },
    };

    [GeneratedRegex("-default-inject=\"?true")]
    private static partial Regex DefaultInject();

    [GeneratedRegex("-consul-dataplane-image=\"?([^\"\\s]+)")]
    private static partial Regex DataplaneImage();
}
