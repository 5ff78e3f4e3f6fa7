using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Patching;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>The change that a PATCH request asks for.</summary>
internal static class PatchRequest
{
    private const string ServerSideApply = "application/apply-patch+yaml";

    /// <summary>The document with the change; the argument is not touched.</summary>
    /// <param name="request">The request.</param>
    /// <param name="document">The object in the version the client speaks.</param>
    /// <param name="kind">Its kind.</param>
    /// <exception cref="ApiStatusException">The body is no patch, or of a form that is not served, or does not fit.</exception>
    public static JsonObject Apply(HttpRequest request, JsonObject document, string kind)
    {
        if (ObjectBody.MediaType(request) == ServerSideApply)
            throw ApiErrors.UnsupportedMediaType("the sandbox does not offer server-side apply: apply without --server-side, or send a merge patch");
        try
        {
            return PatchBody.Apply(request.Header("Content-Type"), request.Body.Span, document, kind);
        }
        catch (PatchException exception)
        {
            throw new ApiStatusException(exception.Code, exception.Reason, exception.Message);
        }
        catch (ArgumentException exception)
        {
            // A member that comes twice is found only when its object is read.
            throw ApiStatusException.BadRequest(exception.Message);
        }
    }
}
