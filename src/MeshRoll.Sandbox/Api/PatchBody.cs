using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Patching;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>The change in a PATCH request's body, in the form that its Content-Type names.</summary>
internal sealed class PatchBody
{
    private readonly Func<JsonObject, string, JsonObject> _apply;

    private PatchBody(Func<JsonObject, string, JsonObject> apply) => _apply = apply;

    /// <summary>Reads a patch.</summary>
    /// <exception cref="ApiStatusException">It is none, or of a form that is not served.</exception>
    public static PatchBody Read(HttpRequest request)
    {
        switch (ObjectBody.MediaType(request))
        {
            case "application/json-patch+json":
                var operations = Parse<JsonArray>(request, "[]jsonpatch.Operation");
                return new((document, _) => JsonPatch.Apply(document, operations));
            case "application/merge-patch+json":
                var merge = Parse<JsonObject>(request, "map[string]interface {}");
                return new((document, _) => MergePatch.Apply(document, merge));
            case "application/strategic-merge-patch+json":
                var strategic = Parse<JsonObject>(request, "map[string]interface {}");
                return new((document, kind) => StrategicMergePatch.Apply(document, strategic, kind));
            case "application/apply-patch+yaml":
                throw ApiErrors.UnsupportedMediaType("the sandbox does not offer server-side apply: apply without --server-side, or send a merge patch");
            default:
                throw ApiErrors.UnsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types include: " +
                    "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json");
        }
    }

    /// <summary>The document with the change; the argument is not touched.</summary>
    /// <param name="document">The object in the version the client speaks.</param>
    /// <param name="kind">Its kind.</param>
    /// <exception cref="ApiStatusException">It does not fit.</exception>
    public JsonObject Apply(JsonObject document, string kind)
    {
        try
        {
            return _apply(document, kind);
        }
        catch (PatchException exception)
        {
            throw new ApiStatusException(exception.Code, exception.Reason, exception.Message);
        }
    }

    private static T Parse<T>(HttpRequest request, string type) where T : JsonNode
    {
        try
        {
            if (JsonReading.Parse(request.Body) is T patch) return patch;
        }
        catch (JsonException exception)
        {
            throw ApiStatusException.BadRequest($"error decoding patch: {exception.Message}");
        }
        throw ApiStatusException.BadRequest($"error decoding patch: json: cannot unmarshal into Go value of type {type}");
    }
}
