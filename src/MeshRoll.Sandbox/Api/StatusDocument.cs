using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>Status objects (meta/v1): how the server says no, and how it says that something is done.</summary>
internal static class StatusDocument
{
    /// <summary>A refusal.</summary>
    public static JsonObject Of(ApiStatusException refusal)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = refusal.Message,
        };
        if (refusal.Reason.Length > 0) status["reason"] = refusal.Reason;
        var details = refusal.Details?.DeepClone().AsObject();
        if (refusal.RetryAfterSeconds is > 0) (details ??= [])["retryAfterSeconds"] = refusal.RetryAfterSeconds.Value;
        if (details is not null) status["details"] = details;
        status["code"] = refusal.Code;
        return status;
    }

    /// <summary>Something is done that leaves no object to answer with.</summary>
    /// <param name="code">The code to name; null where the real server names none.</param>
    public static JsonObject Success(int? code = null)
    {
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" };
        if (code is not null) status["code"] = code;
        return status;
    }

    /// <summary>An object is gone.</summary>
    public static JsonObject Gone(StoredObject last)
    {
        var status = Success();
        status["details"] = Details(last.Resource, last.Name, last.Uid);
        return status;
    }

    private static JsonObject Details(ApiResource resource, string name, string uid)
    {
        var details = new JsonObject { ["name"] = name };
        if (resource.Group.Length > 0) details["group"] = resource.Group;
        details["kind"] = resource.Plural;
        details["uid"] = uid;
        return details;
    }
}
