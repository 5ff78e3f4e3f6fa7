using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>Writes answers in the form the client asked for.</summary>
internal static class Answers
{
    /// <summary>One object.</summary>
    public static Task ObjectAsync(ApiCall call, int status, StoredObject stored) =>
        SendAsync(call, status, ServedVersions.Json(stored, call.Version));

    /// <summary>A document that is no kept object: a Status, a Scale, a review.</summary>
    public static Task DocumentAsync(ApiCall call, int status, JsonObject document) => SendAsync(call, status, PlainJson.Bytes(document));

    /// <summary>A list.</summary>
    public static Task ListAsync(ApiCall call, ListPage page) => ListDocument.SendAsync(call, page);

    /// <summary>A refusal.</summary>
    public static Task RefusalAsync(HttpResponse response, ApiStatusException refusal, CancellationToken cancellationToken)
    {
        if (refusal.RetryAfterSeconds is > 0) response.Headers["Retry-After"] = refusal.RetryAfterSeconds.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.SendAsync(refusal.Code, AcceptHeader.Json, PlainJson.Bytes(StatusDocument.Of(refusal)), cancellationToken);
    }

    private static Task SendAsync(ApiCall call, int status, ReadOnlyMemory<byte> json) => call.Response.SendAsync(status, AcceptHeader.Json, json, call.CancellationToken);
}
