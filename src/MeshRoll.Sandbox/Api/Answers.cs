using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>Writes answers in the form the client asked for. Called outside of the simulation.</summary>
internal sealed class Answers(Cluster cluster)
{
    /// <summary>One object.</summary>
    public Task ObjectAsync(ApiCall call, int status, StoredObject stored)
    {
        var json = ServedVersions.Json(stored, call.Version);
        return call.Response.SendAsync(status, call.Form.ContentType, call.Form.IsPlain ? json : call.Form.Single(call.Resource, json, Now()), call.CancellationToken);
    }

    /// <summary>A list.</summary>
    public Task ListAsync(ApiCall call, ListPage page)
    {
        if (call.Form.IsJson) return ListDocument.SendAsync(call, page);
        var items = page.Items.Select(item => ServedVersions.Json(item, call.Version));
        return call.Response.SendAsync(200, call.Form.ContentType, call.Form.List(call.Resource, page.Metadata, items, Now()), call.CancellationToken);
    }

    /// <summary>A document that is no kept object: a Status, a Scale, a review.</summary>
    public static Task DocumentAsync(ApiCall call, int status, JsonObject document) =>
        call.Response.SendAsync(status, AcceptHeader.Json, call.Form.Document(document), call.CancellationToken);

    /// <summary>A refusal.</summary>
    public static Task RefusalAsync(HttpResponse response, ApiStatusException refusal, CancellationToken cancellationToken)
    {
        if (refusal.RetryAfterSeconds is > 0) response.Headers["Retry-After"] = refusal.RetryAfterSeconds.Value.ToString(CultureInfo.InvariantCulture);
        return response.SendAsync(refusal.Code, AcceptHeader.Json, PlainJson.Bytes(StatusDocument.Of(refusal)), cancellationToken);
    }

    private DateTimeOffset Now() => cluster.Simulation.Enter(() => cluster.Now);
}
