using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Webhooks;

/// <summary>A rule of a webhook: operations, groups, versions and resources; with matchPolicy Equivalent any version of the resource will do.</summary>
internal sealed record WebhookRule
{
    private string[] Operations { get; init; } = [];

    private string[] Groups { get; init; } = [];

    private string[] Versions { get; init; } = [];

    private string[] Resources { get; init; } = [];

    private string Scope { get; init; } = "";

    public static WebhookRule Read(JsonObject rule) => new()
    {
        Operations = Words(rule, "operations"),
        Groups = Words(rule, "apiGroups"),
        Versions = Words(rule, "apiVersions"),
        Resources = Words(rule, "resources"),
        Scope = rule.Text("scope") ?? "",
    };

    /// <summary>Whether a write is its business.</summary>
    public bool Matches(AdmissionRequest request)
    {
        var resource = request.Resource;
        return Concerns(request.Operation, resource)
            && Names(Groups, resource.Group)
            && (Names(Versions, resource.Version) || resource.OtherVersions.Any(version => Names(Versions, version)))
            && Scope switch { "Cluster" => !resource.Namespaced, "Namespaced" => resource.Namespaced, _ => true };
    }

    /// <summary>Whether writes of a kind may be its business at all.</summary>
    public bool Concerns(string operation, ApiResource resource) => Names(Operations, operation) && (Names(Resources, resource.Plural) || Resources.Contains("*/*"));

    private static bool Names(string[] names, string wanted)
    {
        foreach (var name in names)
        {
            if (name == "*" || name == wanted) return true;
        }
        return false;
    }

    private static string[] Words(JsonObject rule, string list) =>
        rule[list] is JsonArray words ? [.. words.OfType<JsonValue>().Select(word => word.TryGetValue<string>(out var text) ? text : "")] : [];
}
