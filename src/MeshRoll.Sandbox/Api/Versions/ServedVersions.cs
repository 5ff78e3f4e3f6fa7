using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api.Versions;

/// <summary>Objects in versions other than the one they are kept in. Where only the name of the version differs, only that is rewritten.</summary>
internal static class ServedVersions
{
    /// <summary>The object's JSON in a version: the kept bytes themselves where it is their version.</summary>
    public static ReadOnlyMemory<byte> Json(StoredObject stored, string version) =>
        version == stored.Resource.Version ? stored.Json : JsonSerializer.SerializeToUtf8Bytes(ToServed(stored.Resource, stored.ToJson(), version), PlainText.Options);

    /// <summary>The object, a fresh copy, in a version.</summary>
    public static JsonObject Object(StoredObject stored, string version) => ToServed(stored.Resource, stored.ToJson(), version);

    /// <summary>From the version of keeping to another; the object is changed in place.</summary>
    public static JsonObject ToServed(ApiResource resource, JsonObject body, string version)
    {
        if (version == resource.Version) return body;
        if (resource == ApiResources.HorizontalPodAutoscalers) HorizontalPodAutoscalerV1.FromV2(body);
        body["apiVersion"] = resource.Group.Length == 0 ? version : $"{resource.Group}/{version}";
        return body;
    }

    /// <summary>From another version to the one of keeping; the object is changed in place.</summary>
    public static JsonObject ToStored(ApiResource resource, JsonObject body, string version)
    {
        if (version == resource.Version) return body;
        if (resource == ApiResources.HorizontalPodAutoscalers) HorizontalPodAutoscalerV1.ToV2(body);
        body["apiVersion"] = resource.ApiVersion;
        return body;
    }
}
