using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models.Json;

namespace MeshRoll.Kubernetes.Models;

/// <summary>
/// An object as the server wrote it, whole. The other models are projections: what of an object is to be written back, such as a pod template,
/// must come from here.
/// </summary>
[JsonConverter(typeof(RawObjectConverter))]
public sealed record RawObject : IKubernetesObject
{
    /// <inheritdoc/>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>All of it.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>An object from its JSON.</summary>
    public static RawObject From(JsonNode json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json.Deserialize(Resource<RawObject>.Json) ?? throw new InvalidDataException("The object is null.");
    }

    /// <summary>The same object as a model, without asking the server again.</summary>
    public T As<T>(Resource<T> resource) where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Json.Deserialize(Resource<T>.Json) ?? throw new InvalidDataException($"The {resource.Kind} is null.");
    }

    /// <summary>What stands at a path of property names; null when there is nothing.</summary>
    public JsonElement? At(params ReadOnlySpan<string> path)
    {
        var found = Json;
        foreach (var name in path)
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found)) return null;
        }
        return found.ValueKind == JsonValueKind.Null ? null : found;
    }
}
