using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Mesh;

/// <summary>The shapes that the control planes of all meshes are made of.</summary>
internal static class ControlPlaneParts
{
    /// <summary>A Deployment of one container.</summary>
    public static JsonObject Deployment(string name, JsonObject labels, int replicas, JsonObject container) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels.DeepClone() },
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                ["spec"] = new JsonObject { ["serviceAccountName"] = name, ["containers"] = new JsonArray(container) },
            },
        },
    };

    /// <summary>The Service through which the API server calls an injector.</summary>
    public static JsonObject Service(string name, JsonObject labels, int target) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels.DeepClone() },
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["selector"] = labels.DeepClone(),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["protocol"] = "TCP", ["targetPort"] = target }),
        },
    };

    /// <summary>A MutatingWebhookConfiguration of one webhook that is asked about new pods.</summary>
    public static JsonObject Webhook(string configuration, string name, JsonObject labels, (string Namespace, string Name, string Path) service, string failurePolicy, string authority, JsonArray namespaces, JsonArray objects) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = configuration, ["labels"] = labels.DeepClone() },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = name,
            ["clientConfig"] = new JsonObject
            {
                ["caBundle"] = MeshAuthority.Encode(authority),
                ["service"] = new JsonObject { ["name"] = service.Name, ["namespace"] = service.Namespace, ["path"] = service.Path, ["port"] = 443 },
            },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["operations"] = new JsonArray("CREATE"),
                ["apiGroups"] = new JsonArray(""),
                ["apiVersions"] = new JsonArray("v1"),
                ["resources"] = new JsonArray("pods"),
                ["scope"] = "*",
            }),
            ["failurePolicy"] = failurePolicy,
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["reinvocationPolicy"] = "Never",
            ["admissionReviewVersions"] = new JsonArray("v1", "v1beta1"),
            ["timeoutSeconds"] = 10,
            ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = namespaces },
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = objects },
        }),
    };

    /// <summary>A requirement of a selector.</summary>
    public static JsonObject Requirement(string key, string @operator, params string[] values)
    {
        var requirement = new JsonObject { ["key"] = key, ["operator"] = @operator };
        if (values.Length > 0) requirement["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        return requirement;
    }

    /// <summary>A container of a control plane.</summary>
    public static JsonObject Container(string name, string image, JsonArray arguments, int port, string readyPath) => new()
    {
        ["name"] = name,
        ["image"] = image,
        ["args"] = arguments,
        ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = port, ["protocol"] = "TCP" }),
        ["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = readyPath, ["port"] = port }, ["periodSeconds"] = 10 },
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "50m", ["memory"] = "50Mi" } },
    };
}
