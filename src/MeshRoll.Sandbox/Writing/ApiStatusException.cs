using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Writing;

/// <summary>The answer is no: becomes a Status object, worded as the real server words it (apimachinery's api/errors).</summary>
internal sealed class ApiStatusException(int code, string reason, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Code { get; } = code;

    /// <summary>The machine-readable reason, such as NotFound; empty for none.</summary>
    public string Reason { get; } = reason;

    /// <summary>What the Status says about the object concerned; null for nothing.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Seconds after which to ask again; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ApiStatusException NotFound(ApiResource resource, string name) =>
        new(404, "NotFound", $"{resource.QualifiedName} \"{name}\" not found") { Details = Named(resource, name) };

    public static ApiStatusException AlreadyExists(ApiResource resource, string name) =>
        new(409, "AlreadyExists", $"{resource.QualifiedName} \"{name}\" already exists") { Details = Named(resource, name) };

    public static ApiStatusException Conflict(ApiResource resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource.QualifiedName} \"{name}\": {why}") { Details = Named(resource, name) };

    public static ApiStatusException Forbidden(ApiResource resource, string name, string why) =>
        new(403, "Forbidden", $"{resource.QualifiedName} \"{name}\" is forbidden: {why}") { Details = Named(resource, name) };

    /// <summary>Nothing new comes into a namespace on its way out.</summary>
    public static ApiStatusException NamespaceTerminating(ApiResource resource, string name, string @namespace)
    {
        var details = Named(resource, name);
        details["causes"] = new JsonArray { new JsonObject { ["reason"] = "NamespaceTerminating", ["message"] = $"namespace {@namespace} is being terminated", ["field"] = "metadata.namespace" } };
        return new(403, "Forbidden", $"{resource.QualifiedName} \"{name}\" is forbidden: unable to create new content in namespace {@namespace} because it is being terminated") { Details = details };
    }

    public static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatusException Internal(string message) =>
        new(500, "InternalError", $"Internal error occurred: {message}") { Details = new JsonObject { ["causes"] = new JsonArray { new JsonObject { ["message"] = message } } } };

    /// <summary>The object breaks rules of its kind.</summary>
    public static ApiStatusException Invalid(ApiResource resource, string name, IReadOnlyList<FieldError> errors)
    {
        var sentences = errors.Select(error => $"{error.Field}: {error.Message}").ToList();
        var details = new JsonObject();
        if (name.Length > 0) details["name"] = name;
        if (resource.Group.Length > 0) details["group"] = resource.Group;
        if (resource.Kind.Length > 0) details["kind"] = resource.Kind;
        details["causes"] = new JsonArray([.. errors.Select(error => new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field })]);
        var kind = resource.Group.Length == 0 ? resource.Kind : $"{resource.Kind}.{resource.Group}";
        return new(422, "Invalid", $"{kind} \"{name}\" is invalid: {(sentences.Count == 1 ? sentences[0] : $"[{string.Join(", ", sentences)}]")}") { Details = details };
    }

    private static JsonObject Named(ApiResource resource, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (resource.Group.Length > 0) details["group"] = resource.Group;
        details["kind"] = resource.Plural;
        return details;
    }
}
