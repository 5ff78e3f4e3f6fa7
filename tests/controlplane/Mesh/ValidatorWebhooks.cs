using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Mesh;

/// <summary>
/// The ValidatingWebhookConfigurations of an installation. They are about Istio's own kinds of objects, which this cluster does not serve, so they only have
/// to be there: istiod keeps its authority in them up to date.
/// </summary>
internal static class ValidatorWebhooks
{
    /// <summary>The configuration of a revision.</summary>
    public static JsonObject ForRevision(FakeIstiodOptions istiod, int port, string authorityPem) =>
        Configuration($"istio-validator{istiod.Suffix}-{istiod.Namespace}", istiod, port, authorityPem, "rev.validation.istio.io",
            new JsonObject { ["key"] = "istio.io/rev", ["operator"] = "In", ["values"] = new JsonArray(istiod.Revision) });

    /// <summary>The configuration for objects that name no revision: whichever istiod is the default one.</summary>
    public static JsonObject ForDefault(FakeIstiodOptions istiod, int port, string authorityPem) =>
        Configuration("istiod-default-validator", istiod, port, authorityPem, "validation.istio.io", new JsonObject { ["key"] = "istio.io/rev", ["operator"] = "DoesNotExist" });

    private static JsonObject Configuration(string name, FakeIstiodOptions istiod, int port, string authorityPem, string webhook, JsonObject objects) => new()
    {
        ["apiVersion"] = "admissionregistration.k8s.io/v1",
        ["kind"] = "ValidatingWebhookConfiguration",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app"] = "istiod", ["istio"] = "istiod", ["istio.io/rev"] = istiod.Revision, ["release"] = "istio" } },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = webhook,
            ["clientConfig"] = new JsonObject
            {
                ["caBundle"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authorityPem)),
                ["service"] = new JsonObject { ["name"] = istiod.ServiceName, ["namespace"] = istiod.Namespace, ["path"] = "/validate", ["port"] = port },
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("CREATE", "UPDATE"),
                ["apiGroups"] = new JsonArray("networking.istio.io", "security.istio.io"),
                ["apiVersions"] = new JsonArray("*"),
                ["resources"] = new JsonArray("*"),
            }),
            ["failurePolicy"] = "Fail",
            ["sideEffects"] = "None",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(objects) },
        }),
    };
}
