using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>
/// The MutatingWebhookConfigurations that decide which pods reach which istiod. The selectors are those of Istio's
/// charts: a namespace's labels beat the pod's, and <c>istio-injection</c> beats <c>istio.io/rev</c>.
/// </summary>
internal static class InjectorWebhooks
{
    private const string Injection = "istio-injection";
    private const string Revision = "istio.io/rev";
    private const string Inject = "sidecar.istio.io/inject";

    /// <summary>The configuration of a revision itself.</summary>
    public static JsonObject ForRevision(FakeIstiodOptions istiod, int port, string authorityPem) => Configuration(
        istiod.WebhookName,
        new JsonObject { ["app"] = "sidecar-injector", [Revision] = istiod.Revision, ["release"] = "istio" },
        Webhooks(istiod, istiod.Revision, port, authorityPem));

    /// <summary>The configuration of a tag that points at a revision.</summary>
    public static JsonObject ForTag(FakeIstiodOptions istiod, string tag, int port, string authorityPem) => Configuration(
        istiod.TagWebhookName(tag),
        new JsonObject { ["app"] = "sidecar-injector", [Revision] = istiod.Revision, ["istio.io/tag"] = tag, ["release"] = "istio" },
        Webhooks(istiod, tag, port, authorityPem));

    /// <summary>Makes all webhooks of a configuration match nothing, as istioctl does when a tag takes over as the default.</summary>
    public static void Deactivate(JsonObject configuration)
    {
        foreach (var webhook in configuration["webhooks"]!.AsArray())
        {
            webhook!["namespaceSelector"] = Never();
            webhook["objectSelector"] = Never();
        }

        static JsonObject Never() => new() { ["matchLabels"] = new JsonObject { ["istio.io/deactivated"] = "never-match" } };
    }

    private static JsonObject Configuration(string name, JsonObject labels, JsonArray webhooks) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "MutatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
        ["webhooks"] = webhooks,
    };

    private static JsonArray Webhooks(FakeIstiodOptions istiod, string revisionOrTag, int port, string authorityPem)
    {
        JsonArray webhooks =
        [
            Webhook("rev.namespace.", [In(Revision, revisionOrTag), Absent(Injection)], [NotIn(Inject, "false")]),
            Webhook("rev.object.", [Absent(Revision), Absent(Injection)], [NotIn(Inject, "false"), In(Revision, revisionOrTag)]),
        ];
        if (revisionOrTag == FakeIstiodOptions.DefaultRevision)
        {
            webhooks.Add(Webhook("namespace.", [In(Injection, "enabled")], [NotIn(Inject, "false")]));
            webhooks.Add(Webhook("object.", [Absent(Injection), Absent(Revision)], [In(Inject, "true"), Absent(Revision)]));
        }

        return webhooks;

        JsonObject Webhook(string prefix, JsonArray namespaces, JsonArray objects) => new()
        {
            ["name"] = prefix + "sidecar-injector.istio.io",
            ["clientConfig"] = new JsonObject
            {
                ["caBundle"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authorityPem)),
                ["service"] = new JsonObject { ["name"] = istiod.ServiceName, ["namespace"] = istiod.Namespace, ["path"] = "/inject", ["port"] = port },
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
            ["reinvocationPolicy"] = "Never",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["timeoutSeconds"] = 10,
            ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = namespaces },
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = objects },
        };
    }

    private static JsonObject In(string key, string value) => new() { ["key"] = key, ["operator"] = "In", ["values"] = new JsonArray(value) };

    private static JsonObject NotIn(string key, string value) => new() { ["key"] = key, ["operator"] = "NotIn", ["values"] = new JsonArray(value) };

    private static JsonObject Absent(string key) => new() { ["key"] = key, ["operator"] = "DoesNotExist" };
}
