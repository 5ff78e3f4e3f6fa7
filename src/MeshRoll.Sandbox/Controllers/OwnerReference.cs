using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>Entries of <c>metadata.ownerReferences</c>.</summary>
internal static class OwnerReference
{
    /// <summary>The entry by which an owner controls an object.</summary>
    public static JsonObject To(StoredObject owner) => new()
    {
        ["apiVersion"] = owner.Resource.ApiVersion,
        ["kind"] = owner.Resource.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>Takes an owner's entry out of an object.</summary>
    public static void Remove(JsonObject child, string ownerUid)
    {
        if (child.At("metadata", "ownerReferences") is not JsonArray references) return;
        foreach (var reference in references.OfType<JsonObject>().Where(reference => reference.Text("uid") == ownerUid).ToList()) references.Remove(reference);
        if (references.Count == 0) child.Object("metadata").Remove("ownerReferences");
    }
}
