using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Writing;

/// <summary>
/// Who wrote an object last: one entry per manager, without the fields. Tools that ask whether somebody else has touched an object look at the
/// names and times; server-side apply, which would need the fields, is not offered.
/// </summary>
internal static class ManagedFields
{
    public static void Mark(JsonObject body, ApiResource resource, string manager, DateTimeOffset now, string operation)
    {
        if (manager.Length == 0) return;
        var list = body.Object("metadata").List("managedFields");
        foreach (var entry in list.OfType<JsonObject>().Where(entry => entry.Text("manager") == manager).ToList()) list.Remove(entry);
        list.Add(new JsonObject
        {
            ["manager"] = manager,
            ["operation"] = operation,
            ["apiVersion"] = resource.ApiVersion,
            ["time"] = JsonAccess.Timestamp(now),
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = new JsonObject(),
        });
    }
}
