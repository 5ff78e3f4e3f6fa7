using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Namespaces (core/v1): each bears its name as a label and is emptied before it goes.</summary>
internal static class NamespaceKind
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>Fills a namespace in.</summary>
    public static void Default(JsonObject home)
    {
        var name = home.Text("metadata", "name") ?? "";
        if (home.Text("metadata", "labels", NameLabel) != name) home.Object("metadata", "labels")[NameLabel] = name;
        // One on its way out may have been emptied.
        if (home.Text("metadata", "deletionTimestamp") is not null) return;
        if (home.At("spec", "finalizers") is null) home.Object("spec")["finalizers"] = new JsonArray("kubernetes");
        home.Object("status").Fill("phase", "Active");
    }

    /// <summary>What is wrong with a namespace.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject home, JsonObject? before) =>
        before is null ? FieldErrors.DnsLabel("metadata", home.Text("metadata", "name") ?? "") : [];
}
