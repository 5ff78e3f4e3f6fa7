using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>
/// The MutatingWebhookConfigurations that decide which pods reach which istiod, with the selectors of Istio's charts: a namespace's labels beat the
/// pod's, and <c>istio-injection</c> beats <c>istio.io/rev</c>.
/// </summary>
internal static class InjectorWebhooks
{
    private const string Injection = "istio-injection";
    private const string Revision = "istio.io/rev";
    private const string Inject = "sidecar.istio.io/inject";

    /// <summary>The configuration of a revision itself.</summary>
    public static JsonObject ForRevision(IstiodOptions istiod, string authorityPem) =>
        Configuration(istiod.WebhookName, Labels(istiod, null), Webhooks(istiod, istiod.Revision, authorityPem));

    /// <summary>The configuration of a tag that points at a revision; <paramref name="authorityPem"/> is the one of the revision's own webhook.</summary>
    public static JsonObject ForTag(IstiodOptions istiod, string tag, string authorityPem) =>
        Configuration(istiod.TagWebhookName(tag), Labels(istiod, tag), Webhooks(istiod, tag, authorityPem));

    /// <summary>Makes all webhooks of a configuration match nothing, as istioctl does when a tag takes over as the default.</summary>
    public static void Deactivate(JsonObject configuration)
    {
        foreach (var webhook in configuration.Items("webhooks"))
        {
            webhook["namespaceSelector"] = Never();
            webhook["objectSelector"] = Never();
        }

        static JsonObject Never() => new() { ["matchLabels"] = new JsonObject { ["istio.io/deactivated"] = "never-match" } };
    }

    /// <summary>Has all webhooks of a configuration trust an authority.</summary>
    public static void Trust(JsonObject configuration, string authorityPem)
    {
        foreach (var webhook in configuration.Items("webhooks")) webhook.Object("clientConfig")["caBundle"] = MeshAuthority.Encode(authorityPem);
    }

    private static JsonObject Labels(IstiodOptions istiod, string? tag)
    {
        var labels = new JsonObject
        {
            ["app"] = "sidecar-injector",
            [Revision] = istiod.Revision,
            ["install.operator.istio.io/owning-resource"] = "unknown",
            ["operator.istio.io/component"] = "Pilot",
            ["release"] = "istio",
        };
        if (tag is not null) labels["istio.io/tag"] = tag;
        return labels;
    }

    private static JsonObject Configuration(string name, JsonObject labels, JsonArray webhooks) =>
        new() { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels }, ["webhooks"] = webhooks };

    private static JsonArray Webhooks(IstiodOptions istiod, string revisionOrTag, string authorityPem)
    {
        JsonArray webhooks =
        [
            Webhook("rev.namespace.", [In(Revision, revisionOrTag), Absent(Injection)], [NotIn(Inject, "false")]),
            Webhook("rev.object.", [Absent(Revision), Absent(Injection)], [NotIn(Inject, "false"), In(Revision, revisionOrTag)]),
        ];
        if (revisionOrTag != IstiodOptions.DefaultRevision) return webhooks;

        webhooks.Add((JsonNode)Webhook("namespace.", [In(Injection, "enabled")], [NotIn(Inject, "false")]));
        webhooks.Add((JsonNode)Webhook("object.", [Absent(Injection), Absent(Revision)], [In(Inject, "true"), Absent(Revision)]));
        if (istiod.EnableNamespacesByDefault)
        {
            webhooks.Add((JsonNode)Webhook(
                "auto.",
                [Absent(Injection), Absent(Revision), NotIn("kubernetes.io/metadata.name", "kube-system", "kube-public", "kube-node-lease", "local-path-storage")],
                [Absent(Inject), Absent(Revision)]));
        }
        return webhooks;

        JsonObject Webhook(string prefix, JsonArray namespaces, JsonArray objects) => new()
        {
            ["name"] = prefix + "sidecar-injector.istio.io",
            ["clientConfig"] = new JsonObject
            {
                ["caBundle"] = MeshAuthority.Encode(authorityPem),
                ["service"] = new JsonObject { ["name"] = istiod.ServiceName, ["namespace"] = istiod.Namespace, ["path"] = "/inject", ["port"] = 443 },
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("CREATE"),
                ["apiGroups"] = new JsonArray(""),
                ["apiVersions"] = new JsonArray("v1"),
                ["resources"] = new JsonArray("pods"),
                ["scope"] = "*",
            }),
            ["failurePolicy"] = "Fail",
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["reinvocationPolicy"] = "Never",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["timeoutSeconds"] = 10,
            ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = namespaces },
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = objects },
        };
    }

    private static JsonObject In(string key, string value) => new() { ["key"] = key, ["operator"] = "In", ["values"] = new JsonArray(value) };

    private static JsonObject NotIn(string key, params string[] values) =>
        new() { ["key"] = key, ["operator"] = "NotIn", ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };

    private static JsonObject Absent(string key) => new() { ["key"] = key, ["operator"] = "DoesNotExist" };
}
