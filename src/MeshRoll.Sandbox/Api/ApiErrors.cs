using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>Refusals of requests as such, worded as apimachinery words them; those about objects are in <see cref="ApiStatusException"/>.</summary>
internal static class ApiErrors
{
    public static ApiStatusException NoSuchPath() =>
        new(404, "NotFound", "the server could not find the requested resource") { Details = [] };

    public static ApiStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { Details = [] };

    public static ApiStatusException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    public static ApiStatusException Expired(string message) => new(410, "Expired", message);

    public static ApiStatusException TooOldVersion(long asked, long oldest) => Expired($"too old resource version: {asked} ({oldest})");

    public static ApiStatusException TooLargeVersion(long asked, long current) => new(504, "Timeout", $"Too large resource version: {asked}, current: {current}")
    {
        RetryAfterSeconds = 1,
        Details = new JsonObject { ["causes"] = new JsonArray { new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" } } },
    };

    /// <summary>A query parameter breaks a rule: the server validates the parameters as an object of this kind (group meta.k8s.io).</summary>
    public static ApiStatusException InvalidOptions(string kind, string field, string reason, string message) => new(422, "Invalid", $"{kind}.meta.k8s.io \"\" is invalid: {field}: {message}")
    {
        Details = new JsonObject
        {
            ["group"] = "meta.k8s.io",
            ["kind"] = kind,
            ["causes"] = new JsonArray { new JsonObject { ["reason"] = reason, ["message"] = message, ["field"] = field } },
        },
    };
}
