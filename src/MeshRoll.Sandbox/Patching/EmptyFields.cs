using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>
/// Leaves out what the real server leaves out when it writes an object of a built-in kind: empty lists, empty maps of text and
/// switches that are off (<c>omitempty</c> in the API's types), so that an object that lost its last label shows no <c>labels: {}</c>.
/// Empty objects that mean something, such as <c>emptyDir: {}</c>, stay.
/// </summary>
internal static class EmptyFields
{
    // Maps of text and of quantities. Everything else that is written in braces is a struct.
    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "labels", "annotations", "nodeSelector", "matchLabels", "data", "binaryData", "stringData", "limits", "requests", "overhead", "capacity", "allocatable",
    };

    // Required lists: their fields have no omitempty.
    private static readonly HashSet<string> RequiredLists = new(StringComparer.Ordinal) { "containers", "endpoints", "nodeSelectorTerms", "items", "names" };

    // Switches whose fields are no pointers: off and missing are the same.
    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal)
    {
        "paused", "unschedulable", "hostNetwork", "hostPID", "hostIPC", "stdin", "stdinOnce", "tty", "publishNotReadyAddresses",
    };

    /// <summary>Drops them from an object, in place. Custom resources keep theirs, as they do on the server.</summary>
    public static void Drop(JsonObject document, string kind)
    {
        if (!StrategicTypes.TryGet(kind, out _)) return;
        foreach (var (name, value) in document.ToList())
        {
            // A ControllerRevision's data is raw: not the server's to tidy.
            if (kind == "ControllerRevision" && name == "data") continue;
            DropMember(document, name, value);
        }
        if (kind == "Service" && document["spec"] is JsonObject spec && spec["selector"] is JsonObject { Count: 0 }) spec.Remove("selector");
    }

    private static void DropMember(JsonObject parent, string name, JsonNode? value)
    {
        switch (value)
        {
            case JsonArray { Count: 0 } when !RequiredLists.Contains(name):
            case JsonObject { Count: 0 } when Maps.Contains(name):
            case JsonValue when Switches.Contains(name) && value.GetValueKind() == JsonValueKind.False:
                parent.Remove(name);
                break;
            case JsonObject map when !Maps.Contains(name):
                foreach (var (inner, member) in map.ToList()) DropMember(map, inner, member);
                break;
            case JsonArray list:
                foreach (var element in list.OfType<JsonObject>())
                {
                    foreach (var (inner, member) in element.ToList()) DropMember(element, inner, member);
                }
                break;
        }
    }
}
