using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>
/// Edits of an injector's MutatingWebhookConfiguration, as JSON. Names and selectors of the entries: Istio's chart istio-discovery and what
/// <c>istioctl tag set</c> writes; a namespace's labels beat the pod's, and istio-injection beats istio.io/rev.
/// </summary>
internal static class WebhookEdits
{
    /// <summary>On a webhook that MeshRoll switched off: its selectors as they were, as JSON by entry.</summary>
    public const string SelectorsAnnotation = "meshroll.io/selectors";

    /// <summary>Put on pods by every injection into an application's pod.</summary>
    public const string InjectedLabel = "security.istio.io/tlsMode";

    private const string EntrySuffix = "sidecar-injector.istio.io";

    /// <summary>Istio's own entries of a configuration.</summary>
    public static IEnumerable<JsonObject> Entries(JsonObject configuration) =>
        (configuration["webhooks"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => ((string?)entry["name"] ?? "").EndsWith(EntrySuffix, StringComparison.Ordinal));

    /// <summary>Has all entries ask and trust what <paramref name="target"/> says; what else stands there stays.</summary>
    public static void PointAt(JsonObject configuration, JsonObject target)
    {
        foreach (var entry in Entries(configuration))
        {
            var config = entry["clientConfig"] as JsonObject;
            if (config is null) entry["clientConfig"] = config = [];
            if (target["service"] is JsonObject service)
            {
                config.Remove("url");
                var own = config["service"] as JsonObject;
                if (own is null) config["service"] = own = [];
                foreach (var (name, value) in service) own[name] = value?.DeepClone();
            }
            config["caBundle"] = target["caBundle"]?.DeepClone();
        }
    }

    /// <summary>Sets a label.</summary>
    public static void Label(JsonObject configuration, string label, string value)
    {
        if (configuration["metadata"]!["labels"] is not JsonObject labels) configuration["metadata"]!["labels"] = labels = [];
        labels[label] = value;
    }

    /// <summary>
    /// Has all entries leave alone what another injector injected before them in the same call: webhooks are called by name, each with the pod as the one
    /// before left it. So two may be active for a moment without any pod being injected twice or not at all.
    /// </summary>
    public static void YieldToOthers(JsonObject configuration)
    {
        foreach (var entry in Entries(configuration))
        {
            if (IsNever(entry)) continue;
            StopYielding(entry);
            if (entry["objectSelector"] is not JsonObject selector) entry["objectSelector"] = selector = [];
            if (selector["matchExpressions"] is not JsonArray requirements) selector["matchExpressions"] = requirements = [];
            requirements.Add((JsonNode)new JsonObject { ["key"] = InjectedLabel, ["operator"] = "DoesNotExist" });
        }
    }

    /// <summary>Whether a configuration still leaves alone what others have injected: somebody was killed meanwhile.</summary>
    public static bool Yields(MutatingWebhookConfiguration configuration) =>
        configuration.Webhooks.Any(entry => entry.ObjectSelector?.MatchExpressions.Any(requirement => requirement.Key == InjectedLabel) == true);

    /// <summary>Takes that back.</summary>
    public static void StopYielding(JsonObject entry)
    {
        if (entry["objectSelector"]?["matchExpressions"] is not JsonArray requirements) return;
        foreach (var requirement in requirements.Where(requirement => (string?)requirement?["key"] == InjectedLabel).ToList()) requirements.Remove(requirement);
        if (requirements.Count == 0) entry["objectSelector"]!.AsObject().Remove("matchExpressions");
    }

    /// <summary>Has all entries match nothing, as istioctl does when a tag takes over as the default, and keeps in an annotation what they matched.</summary>
    public static void SwitchOff(JsonObject configuration)
    {
        JsonObject kept = [];
        foreach (var entry in Entries(configuration))
        {
            if (IsNever(entry)) continue;
            StopYielding(entry);
            kept[(string)entry["name"]!] = new JsonObject { ["namespaceSelector"] = entry["namespaceSelector"]?.DeepClone(), ["objectSelector"] = entry["objectSelector"]?.DeepClone() };
            entry["namespaceSelector"] = Never();
            entry["objectSelector"] = Never();
        }
        if (kept.Count == 0) return;
        if (configuration["metadata"]!["annotations"] is not JsonObject annotations) configuration["metadata"]!["annotations"] = annotations = [];
        annotations[SelectorsAnnotation] = kept.ToJsonString(ReadableJson.Options);

        static JsonObject Never() => new() { ["matchLabels"] = new JsonObject { [InjectorWebhook.DeactivatedLabel] = "never-match" } };
    }

    /// <summary>Has all entries match again what they matched before: as the annotation says, or as Istio's charts have it.</summary>
    public static void SwitchOn(JsonObject configuration, string revision)
    {
        var kept = Kept((string?)configuration["metadata"]?["annotations"]?[SelectorsAnnotation]);
        foreach (var entry in Entries(configuration).Where(IsNever))
        {
            var name = (string)entry["name"]!;
            var (namespaces, objects) = kept?[name] is JsonObject known ? (known["namespaceSelector"]?.DeepClone(), known["objectSelector"]?.DeepClone()) : Selectors(name, revision);
            Set(entry, "namespaceSelector", namespaces);
            Set(entry, "objectSelector", objects);
        }
        if (configuration["metadata"]?["annotations"] is not JsonObject annotations) return;
        annotations.Remove(SelectorsAnnotation);
        if (annotations.Count == 0) configuration["metadata"]!.AsObject().Remove("annotations");
    }

    /// <summary>The configuration of a tag, made from the revision's own as <c>istioctl tag set</c> makes it.</summary>
    /// <param name="own">The revision's own configuration, cleaned.</param>
    /// <param name="name">The new one's name.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="target">Whom to ask and trust.</param>
    /// <param name="automatic">Whether namespaces without any label are injected too (enableNamespacesByDefault).</param>
    public static JsonObject ForTag(JsonObject own, string name, string tag, string revision, JsonObject target, bool automatic)
    {
        var models = Entries(own).ToList();
        string[] prefixes = tag != IstioStatus.DefaultRevision ? ["rev.namespace.", "rev.object."]
            : automatic ? ["rev.namespace.", "rev.object.", "namespace.", "object.", "auto."] : ["rev.namespace.", "rev.object.", "namespace.", "object."];
        JsonArray webhooks = [];
        foreach (var prefix in prefixes)
        {
            var entry = (models.Find(model => (string?)model["name"] == prefix + EntrySuffix) ?? models[0]).DeepClone().AsObject();
            entry["name"] = prefix + EntrySuffix;
            (entry["namespaceSelector"], entry["objectSelector"]) = Selectors(prefix + EntrySuffix, tag);
            webhooks.Add((JsonNode)entry);
        }
        var metadata = own["metadata"]!.DeepClone().AsObject();
        metadata["name"] = name;
        if (metadata["annotations"] is JsonObject annotations)
        {
            annotations.Remove(SelectorsAnnotation);
            // It speaks of another object.
            annotations.Remove("kubectl.kubernetes.io/last-applied-configuration");
            if (annotations.Count == 0) metadata.Remove("annotations");
        }
        JsonObject configuration = new() { ["apiVersion"] = own["apiVersion"]?.DeepClone(), ["kind"] = own["kind"]?.DeepClone(), ["metadata"] = metadata, ["webhooks"] = webhooks };
        PointAt(configuration, target);
        Label(configuration, IstioStatus.RevisionLabel, revision);
        Label(configuration, RevisionTags.TagLabel, tag);
        return configuration;
    }

    private static bool IsNever(JsonObject entry) => entry["namespaceSelector"]?["matchLabels"]?[InjectorWebhook.DeactivatedLabel] is not null;

    private static void Set(JsonObject entry, string name, JsonNode? value)
    {
        if (value is null) entry.Remove(name);
        else entry[name] = value;
    }

    private static JsonObject? Kept(string? annotation)
    {
        try
        {
            return annotation is null ? null : JsonNode.Parse(annotation) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (JsonNode? Namespaces, JsonNode? Objects) Selectors(string entry, string revisionOrTag)
    {
        const string Injection = InjectionRules.NamespaceLabel;
        const string Revision = IstioStatus.RevisionLabel;
        const string Inject = InjectionRules.PodLabel;
        return entry[..^EntrySuffix.Length] switch
        {
            "rev.namespace." => (All(In(Revision, revisionOrTag), Absent(Injection)), All(NotIn(Inject, "false"))),
            "rev.object." => (All(Absent(Revision), Absent(Injection)), All(NotIn(Inject, "false"), In(Revision, revisionOrTag))),
            "object." => (All(Absent(Injection), Absent(Revision)), All(In(Inject, "true"), Absent(Revision))),
            "auto." => (All(Absent(Injection), Absent(Revision), NotIn("kubernetes.io/metadata.name", [.. InjectionRules.SystemNamespaces])), All(Absent(Inject), Absent(Revision))),
            // namespace., and the one entry of Istio before 1.8.
            _ => (All(In(Injection, "enabled")), All(NotIn(Inject, "false"))),
        };
    }

    private static JsonObject All(params JsonObject[] requirements) => new() { ["matchExpressions"] = new JsonArray([.. requirements]) };

    private static JsonObject In(string key, string value) => new() { ["key"] = key, ["operator"] = "In", ["values"] = new JsonArray(value) };

    private static JsonObject NotIn(string key, params string[] values) => new() { ["key"] = key, ["operator"] = "NotIn", ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };

    private static JsonObject Absent(string key) => new() { ["key"] = key, ["operator"] = "DoesNotExist" };
}
