using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>Pods as their templates say. The template is read once and each pod made from its text, for a workload may want hundreds.</summary>
internal sealed class PodTemplates
{
    private readonly StoredObject _owner;
    private readonly byte[] _template;

    private PodTemplates(StoredObject owner, byte[] template) => (_owner, _template) = (owner, template);

    /// <summary>The template in an owner's <c>spec.template</c>.</summary>
    public static PodTemplates Of(StoredObject owner) => new(owner, Find(owner.Wish.Json).ToArray());

    /// <summary>A template from elsewhere, such as a ControllerRevision.</summary>
    public static PodTemplates Of(StoredObject owner, JsonObject template) => new(owner, Encoding.UTF8.GetBytes(template.ToJsonString()));

    /// <summary>A pod that does not exist yet: labels, annotations and finalizers of the template, controlled by the owner, with a name or the beginning of one.</summary>
    public JsonObject Make(string name = "", string generateName = "")
    {
        var template = JsonNode.Parse(_template)!.AsObject();
        var metadata = new JsonObject();
        if (name.Length > 0) metadata["name"] = name;
        if (generateName.Length > 0) metadata["generateName"] = generateName;
        if (template["metadata"] is JsonObject described)
        {
            foreach (var part in (string[])["labels", "annotations", "finalizers"])
            {
                if (described[part] is not { } value) continue;
                described.Remove(part);
                metadata[part] = value;
            }
        }
        metadata["ownerReferences"] = new JsonArray { OwnerReference.To(_owner) };
        var spec = template["spec"] as JsonObject ?? [];
        template.Remove("spec");
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec };
    }

    /// <summary>The text of <c>spec.template</c>.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> wish)
    {
        var reader = new Utf8JsonReader(wish);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            var isSpec = reader.CurrentDepth == 1 && reader.ValueTextEquals("spec"u8);
            var isTemplate = reader.CurrentDepth == 2 && reader.ValueTextEquals("template"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (!isSpec) reader.Skip();
            if (isTemplate && wish[start] == '{') return wish[start..(int)reader.BytesConsumed];
        }
        return "{}"u8;
    }
}
