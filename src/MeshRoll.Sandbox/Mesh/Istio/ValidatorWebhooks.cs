using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Mesh.Istio;

/// <summary>
/// The ValidatingWebhookConfigurations of an installation. They are about Istio's own kinds of objects, which the sandbox does not serve, so they only
/// have to be there: tools ask them which revision is the default one.
/// </summary>
internal static class ValidatorWebhooks
{
    /// <summary>The configuration of whichever revision is the default one.</summary>
    public const string DefaultName = "istiod-default-validator";

    /// <summary>The configuration of a revision.</summary>
    public static JsonObject ForRevision(IstiodOptions istiod, string authorityPem) => Configuration(
        $"istio-validator{istiod.Suffix}-{istiod.Namespace}",
        istiod,
        authorityPem,
        "rev.validation.istio.io",
        new() { ["key"] = "istio.io/rev", ["operator"] = "In", ["values"] = new JsonArray(istiod.Revision) });

    /// <summary>The configuration for objects that name no revision.</summary>
    public static JsonObject ForDefault(IstiodOptions istiod, string authorityPem)
    {
        var configuration = Configuration(DefaultName, istiod, authorityPem, "validation.istio.io", new() { ["key"] = "istio.io/rev", ["operator"] = "DoesNotExist" });
        configuration["metadata"]!["labels"]!["istio.io/tag"] = IstiodOptions.DefaultRevision;
        return configuration;
    }

    private static JsonObject Configuration(string name, IstiodOptions istiod, string authorityPem, string webhook, JsonObject objects) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["app"] = "istiod", ["istio"] = "istiod", ["istio.io/rev"] = istiod.Revision, ["release"] = "istio" },
        },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = webhook,
            ["clientConfig"] = new JsonObject
            {
                ["caBundle"] = MeshAuthority.Encode(authorityPem),
                ["service"] = new JsonObject { ["name"] = istiod.ServiceName, ["namespace"] = istiod.Namespace, ["path"] = "/validate", ["port"] = 443 },
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("CREATE", "UPDATE"),
                ["apiGroups"] = new JsonArray("security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"),
                ["apiVersions"] = new JsonArray("*"),
                ["resources"] = new JsonArray("*"),
                ["scope"] = "*",
            }),
            ["failurePolicy"] = "Fail",
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["timeoutSeconds"] = 10,
            ["namespaceSelector"] = new JsonObject(),
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(objects) },
        }),
    };
}
