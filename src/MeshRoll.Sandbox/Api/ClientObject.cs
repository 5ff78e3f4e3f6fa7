using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Patching;

namespace MeshRoll.Sandbox.Api;

/// <summary>An object from a client as the real server's types would hold it.</summary>
internal static class ClientObject
{
    /// <summary>Takes out what means nothing in a built-in kind: nulls and empty lists. Custom resources are kept as they are.</summary>
    public static void Tidy(ApiResource resource, JsonObject body)
    {
        body.Object("metadata");
        if (resource == ApiResources.ArgoRollouts) return;
        JsonReading.DropNulls(body);
        EmptyFields.Drop(body, resource.Kind);
    }
}
