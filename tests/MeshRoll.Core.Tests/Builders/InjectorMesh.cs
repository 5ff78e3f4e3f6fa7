using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>A mesh with the default revision and 1-27-1, both ready, as rules about injectors see it. Each method gives another mesh.</summary>
internal sealed record InjectorMesh
{
    public const string New = "1-27-1";

    /// <summary>Two authorities and one that has expired.</summary>
    public static string OldCa { get; } = Ca("old", 1);

    public static string NewCa { get; } = Ca("new", 1);

    public static string ExpiredCa { get; } = Ca("expired", -1);

    public static DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    public IReadOnlyList<JsonObject> Webhooks { get; init; } = [Webhook("default", null, "istiod", OldCa), Webhook(New, null, $"istiod-{New}", NewCa)];

    public IReadOnlyList<JsonObject>? Validators { get; init; } = [];

    public IReadOnlyList<IstiodFacts> Istiods { get; init; } = [Istiod("default"), Istiod(New)];

    public IReadOnlyList<Namespace> Namespaces { get; init; } = [Mesh.Namespace("bank", "istio-injection=enabled"), Mesh.Namespace("plain")];

    /// <summary>An injector's configuration with the selectors of Istio's charts.</summary>
    public static JsonObject Webhook(string revision, string? tag, string service, string ca, string? name = null)
    {
        var served = tag ?? revision;
        JsonArray webhooks =
        [
            Entry("rev.namespace.", All(In("istio.io/rev", served), Absent("istio-injection")), All(NotIn("sidecar.istio.io/inject", "false"))),
            Entry("rev.object.", All(Absent("istio.io/rev"), Absent("istio-injection")), All(NotIn("sidecar.istio.io/inject", "false"), In("istio.io/rev", served))),
        ];
        if (served == "default")
        {
            webhooks.Add((JsonNode)Entry("namespace.", All(In("istio-injection", "enabled")), All(NotIn("sidecar.istio.io/inject", "false"))));
            webhooks.Add((JsonNode)Entry("object.", All(Absent("istio-injection"), Absent("istio.io/rev")), All(In("sidecar.istio.io/inject", "true"), Absent("istio.io/rev"))));
        }
        JsonObject labels = new() { ["app"] = "sidecar-injector", ["istio.io/rev"] = revision };
        if (tag is not null) labels["istio.io/tag"] = tag;
        name ??= tag is not null ? $"istio-revision-tag-{tag}" : revision == "default" ? "istio-sidecar-injector" : $"istio-sidecar-injector-{revision}";
        return new()
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "MutatingWebhookConfiguration",
            ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = name, ["resourceVersion"] = "7", ["labels"] = labels },
            ["webhooks"] = webhooks,
        };

        JsonObject Entry(string prefix, JsonObject namespaces, JsonObject objects) => new()
        {
            ["name"] = prefix + "sidecar-injector.istio.io",
            ["clientConfig"] = new JsonObject { ["service"] = new JsonObject { ["name"] = service, ["namespace"] = "istio-system", ["path"] = "/inject", ["port"] = 443 }, ["caBundle"] = ca },
            ["failurePolicy"] = "Fail",
            ["namespaceSelector"] = namespaces,
            ["objectSelector"] = objects,
            ["sideEffects"] = "None",
        };
    }

    /// <summary>A validating webhook, which istiod keeps supplied with its authority.</summary>
    public static JsonObject Validator(string revision, string ca, string? name = null) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = name ?? $"istio-validator-{revision}-istio-system", ["resourceVersion"] = "7", ["labels"] = new JsonObject { ["istio.io/rev"] = revision } },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = "rev.validation.istio.io",
            ["clientConfig"] = new JsonObject { ["service"] = new JsonObject { ["name"] = IstiodFacts.ServiceFor(revision), ["namespace"] = "istio-system", ["path"] = "/validate" }, ["caBundle"] = ca },
        }),
    };

    /// <summary>An istiod that is ready, with a pod behind its service.</summary>
    public static IstiodFacts Istiod(string revision, int ready = 1, int? endpoints = 1) => new()
    {
        Namespace = "istio-system",
        Service = IstiodFacts.ServiceFor(revision),
        Exists = true,
        Ports = [15012, 443],
        Revision = revision,
        Endpoints = endpoints,
        Deployments =
        [
            new()
            {
                Metadata = new() { Name = IstiodFacts.ServiceFor(revision) },
                Spec = new() { Replicas = 1, Template = new() { Spec = new() { Containers = [Mesh.Container("discovery", $"docker.io/istio/pilot:{(revision == "default" ? "1.26.4" : "1.27.1")}")] } } },
                Status = new() { ReadyReplicas = ready },
            },
        ],
        Problem = endpoints is null ? "no right to get endpoints in istio-system" : "",
    };

    public InjectorMesh With(params JsonObject[] webhooks) => this with { Webhooks = [.. Webhooks, .. webhooks] };

    public InjectorMesh WithNamespaces(params Namespace[] namespaces) => this with { Namespaces = namespaces };

    public InjectorMesh WithIstiod(IstiodFacts istiod) => this with { Istiods = [.. Istiods.Where(other => other.Revision != istiod.Revision), istiod] };

    public InjectorMesh Without(string webhook) => this with { Webhooks = [.. Webhooks.Where(one => (string?)one["metadata"]!["name"] != webhook)] };

    public InjectorSurvey Survey() => new()
    {
        Webhooks = [.. Webhooks.Select(json => InjectorWebhook.From(RawObject.From(json.DeepClone()))!).OrderBy(webhook => webhook.Name, StringComparer.Ordinal)],
        Validators = Validators is null ? null : [.. Validators.Select(json => RawObject.From(json.DeepClone()))],
        Istiods = Istiods,
        Namespaces = new NamespaceFacts { Known = Namespaces.ToDictionary(one => one.Metadata.Name), Complete = true },
    };

    public static JsonObject All(params JsonObject[] requirements) => new() { ["matchExpressions"] = new JsonArray([.. requirements]) };

    private static JsonObject In(string key, string value) => new() { ["key"] = key, ["operator"] = "In", ["values"] = new JsonArray(value) };

    private static JsonObject NotIn(string key, string value) => new() { ["key"] = key, ["operator"] = "NotIn", ["values"] = new JsonArray(value) };

    private static JsonObject Absent(string key) => new() { ["key"] = key, ["operator"] = "DoesNotExist" };

    private static string Ca(string name, int years)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(years));
        return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(made.ExportCertificatePem()));
    }
}
