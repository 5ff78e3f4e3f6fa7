using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Protobuf;

namespace MeshRoll.Sandbox.Api;

/// <summary>
/// Whether the values of an object are of the types that the API's fields have. The types are those of the protobuf schemas; of kinds without one
/// only the metadata is looked at.
/// </summary>
internal static class FieldTypes
{
    private static readonly HashSet<string> LongNumbers = new(StringComparer.Ordinal)
    {
        "terminationGracePeriodSeconds", "activeDeadlineSeconds", "generation", "observedGeneration", "tolerationSeconds", "deletionGracePeriodSeconds", "runAsUser", "runAsGroup", "fsGroup",
    };

    // Names of Go structures, which messages name; by the field that holds them.
    private static readonly Dictionary<string, string> Structures = new(StringComparer.Ordinal)
    {
        ["metadata"] = "ObjectMeta",
        ["template"] = "PodTemplateSpec",
        ["selector"] = "LabelSelector",
        ["containers"] = "Container",
        ["initContainers"] = "Container",
        ["resources"] = "ResourceRequirements",
        ["env"] = "EnvVar",
        ["volumes"] = "Volume",
        ["volumeMounts"] = "VolumeMount",
        ["tolerations"] = "Toleration",
        ["ports"] = "ContainerPort",
        ["readinessProbe"] = "Probe",
        ["livenessProbe"] = "Probe",
        ["startupProbe"] = "Probe",
        ["ownerReferences"] = "OwnerReference",
        ["webhooks"] = "MutatingWebhook",
    };

    /// <summary>What is wrong with the first value of a wrong type, as Go's JSON decoder says it; null when all are right.</summary>
    public static string? Error(ApiResource resource, JsonObject body)
    {
        if (Error(ProtobufSchema.Find(resource.Kind) ?? ProtobufSchema.PartialObjectMetadata, body, resource.Kind, "") is { } wrong) return wrong;
        return resource == ApiResources.Secrets ? DataError(body) : null;
    }

    private static string? Error(ProtobufMessage message, JsonObject node, string structure, string path)
    {
        foreach (var (name, value) in node)
        {
            if (value is null || message.Find(Encoding.UTF8.GetBytes(name)) is not { } field) continue;
            var at = path.Length == 0 ? name : $"{path}.{name}";
            foreach (var one in value is JsonArray list ? list : (IEnumerable<JsonNode?>)[value])
            {
                if (one is not null && Error(field, one, structure, name, at) is { } wrong) return wrong;
            }
        }
        return null;
    }

    private static string? Error(ProtobufField field, JsonNode value, string structure, string name, string path)
    {
        switch (field.Kind)
        {
            case ProtobufKind.Message:
                var inner = Inner(structure, name);
                return value is JsonObject child ? Error(field.Message!, child, inner, path) : Wrong(value, structure, path, $"v1.{inner}");
            case ProtobufKind.Number:
                return value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out _) ? null : Wrong(value, structure, path, LongNumbers.Contains(name) ? "int64" : "int32");
            case ProtobufKind.Flag:
                return value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? null : Wrong(value, structure, path, "bool");
            case ProtobufKind.Text or ProtobufKind.Bytes or ProtobufKind.Moment:
                return value.GetValueKind() == JsonValueKind.String ? null : Wrong(value, structure, path, "string");
            case ProtobufKind.IntOrString or ProtobufKind.Quantity:
                return value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? null : Wrong(value, structure, path, "int32");
            case ProtobufKind.TextMap or ProtobufKind.BytesMap:
                if (value is not JsonObject map) return Wrong(value, structure, path, "map[string]string");
                return map.Where(entry => entry.Value is not null && entry.Value.GetValueKind() != JsonValueKind.String).Select(entry => Wrong(entry.Value!, structure, path, "string")).FirstOrDefault();
            default:
                return null;
        }
    }

    private static string? DataError(JsonObject secret)
    {
        foreach (var (_, value) in secret["data"] as JsonObject ?? [])
        {
            var text = value?.ToString() ?? "";
            if (!System.Buffers.Text.Base64.IsValid(text)) return $"illegal base64 data at input byte {text.TakeWhile(sign => char.IsAsciiLetterOrDigit(sign) || sign is '+' or '/').Count()}";
        }
        return null;
    }

    private static string Inner(string structure, string name) => name switch
    {
        "spec" => structure == "PodTemplateSpec" ? "PodSpec" : structure + "Spec",
        "status" => structure + "Status",
        _ => Structures.GetValueOrDefault(name) ?? char.ToUpperInvariant(name[0]) + name[1..],
    };

    private static string Wrong(JsonNode value, string structure, string path, string type) => $"json: cannot unmarshal {Kind(value)} into Go struct field {structure}.{path} of type {type}";

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => long.TryParse(value.ToJsonString(), out _) ? "number" : $"number {value.ToJsonString()}",
    };
}
