using System.Text.Json;

namespace MeshRoll.Sandbox.Selecting;

/// <summary>Which fields of a kind a field selector may name, where they are, and what the server says of others.</summary>
internal static class SelectableFields
{
    private const string Unsupported = "field label not supported: {0}";
    private const string Unknown = "\"{0}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";

    private static readonly Dictionary<string, SelectableField> Common = Fields(At("metadata.name"), At("metadata.namespace"));

    private static readonly KindFields Default = new(Common, Unknown);

    private static readonly Dictionary<string, KindFields> ByKind = new(StringComparer.Ordinal)
    {
        ["Pod"] = Kind(
            Unsupported, At("spec.nodeName"), At("spec.restartPolicy"), At("spec.schedulerName"), At("spec.serviceAccountName"), At("spec.hostNetwork", missing: "false"),
            At("status.phase"), At("status.podIP"), At("status.podIPs"), At("status.nominatedNodeName")),
        ["Event"] = Kind(
            Unsupported, At("involvedObject.kind"), At("involvedObject.namespace"), At("involvedObject.name"), At("involvedObject.uid"), At("involvedObject.apiVersion"),
            At("involvedObject.resourceVersion"), At("involvedObject.fieldPath"), At("reason"), At("reportingComponent"), At("type"),
            new SelectableField("source", ["source", "component"], "", Otherwise: ["reportingComponent"])),
        ["Node"] = Kind(Unsupported, At("spec.unschedulable", missing: "false")),
        ["Namespace"] = Kind(Unsupported, At("status.phase")),
        ["Secret"] = Kind(Unsupported, At("type")),
        ["ReplicaSet"] = Kind(Unknown, At("status.replicas", missing: "0")),
        ["Job"] = Kind("field label \"{0}\" not supported for batchv1.Job", new SelectableField("status.successful", ["status", "succeeded"], "0")),
        // Custom resources know none but the two of every object.
        ["Rollout"] = Kind(Unsupported),
    };

    /// <summary>The field that a selector names.</summary>
    /// <exception cref="SelectorException">This kind cannot be selected by it.</exception>
    public static SelectableField Find(string kind, string name)
    {
        var fields = ByKind.GetValueOrDefault(kind, Default);
        return fields.Fields.GetValueOrDefault(name) ?? throw new SelectorException(string.Format(System.Globalization.CultureInfo.InvariantCulture, fields.Unknown, name));
    }

    private static KindFields Kind(string unknown, params SelectableField[] fields) => new(Fields([.. Common.Values, .. fields]), unknown);

    private static Dictionary<string, SelectableField> Fields(params SelectableField[] fields) => fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    private static SelectableField At(string path, string missing = "") => new(path, path.Split('.'), missing);

    private sealed record KindFields(Dictionary<string, SelectableField> Fields, string Unknown);
}

/// <summary>A field that selectors may name.</summary>
/// <param name="Name">Its name in a selector.</param>
/// <param name="Path">Where it is in the object.</param>
/// <param name="Missing">What counts when it is not there.</param>
/// <param name="Otherwise">Where else to look then.</param>
internal sealed record SelectableField(string Name, string[] Path, string Missing, string[]? Otherwise = null)
{
    /// <summary>The field's value as selectors compare it.</summary>
    public string Read(JsonElement document)
    {
        var value = Read(document, Path);
        if (value.Length == 0 && Otherwise is not null) value = Read(document, Otherwise);
        return value.Length == 0 ? Missing : value;
    }

    private static string Read(JsonElement at, string[] path)
    {
        foreach (var step in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at)) return "";
        }
        return at.ValueKind switch
        {
            JsonValueKind.String => at.GetString()!,
            JsonValueKind.Number => at.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "",
        };
    }
}
