using System.Text;
using System.Text.Json;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Sidecars;

/// <summary>What Istio's injector wrote onto a pod.</summary>
public static class IstioStatus
{
    /// <summary>The injector's account of what it added, as JSON (Istio documentation, "Resource Annotations").</summary>
    public const string Annotation = "sidecar.istio.io/status";

    /// <summary>Names a revision or tag, on namespaces, pods and, by the injector, on what it injected (Istio documentation, "Canary Upgrades").</summary>
    public const string RevisionLabel = "istio.io/rev";

    /// <summary>The unnamed revision.</summary>
    public const string DefaultRevision = "default";

    /// <summary>
    /// The revision that injected a pod: from the status annotation, where an empty one is <c>default</c>; otherwise from the label or annotation
    /// istio.io/rev, which older versions leave as a tag; null when nothing tells.
    /// </summary>
    public static string? RevisionOf(ObjectMeta metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Annotations.TryGetValue(Annotation, out var status) && RevisionIn(status) is { } revision)
        {
            return revision.Length == 0 ? DefaultRevision : revision;
        }
        if (metadata.Labels.TryGetValue(RevisionLabel, out var label) && label.Length > 0) return label;
        if (metadata.Annotations.TryGetValue(RevisionLabel, out var annotation) && annotation.Length > 0) return annotation;
        return null;
    }

    /// <summary>The revision in a status annotation; null when it has none or is no JSON: anybody may write annotations.</summary>
    public static string? RevisionIn(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        try
        {
            // Of a text that is all there, the reader gives the next token or throws; it never waits for more.
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(status));
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return null;
            for (reader.Read(); reader.TokenType == JsonTokenType.PropertyName; reader.Read())
            {
                var isRevision = reader.ValueTextEquals("revision"u8);
                reader.Read();
                if (isRevision) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
