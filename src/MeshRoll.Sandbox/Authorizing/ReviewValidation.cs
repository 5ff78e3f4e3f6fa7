using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Whether a question about access makes sense (the rules and words of pkg/apis/authorization/validation).</summary>
internal static class ReviewValidation
{
    private const string Why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";

    /// <summary>Refuses a question that makes no sense.</summary>
    /// <exception cref="ApiStatusException">It makes none.</exception>
    public static void Check(ApiResource kind, JsonObject review)
    {
        var errors = Errors(kind, review).ToList();
        // The real server has forgotten the kind by the time it complains.
        if (errors.Count > 0) throw ApiStatusException.Invalid(kind with { Kind = "" }, "", errors);
    }

    /// <summary>Completes the namespace of a local question and refuses one that is about another.</summary>
    /// <exception cref="ApiStatusException">It is.</exception>
    public static void CheckNamespace(JsonObject review, string @namespace)
    {
        var metadata = review.Object("metadata");
        if (string.IsNullOrEmpty(metadata.Text("namespace"))) metadata["namespace"] = @namespace;
        if (metadata.Text("namespace") != @namespace)
            throw ApiStatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
    }

    private static IEnumerable<FieldError> Errors(ApiResource kind, JsonObject review)
    {
        var (resource, path) = (review.At("spec", "resourceAttributes") as JsonObject, review.At("spec", "nonResourceAttributes") as JsonObject);
        if (resource is not null && path is not null) yield return Invalid("spec.nonResourceAttributes", Printed(path), "cannot be specified in combination with resourceAttributes");
        if (resource is null && path is null) yield return Invalid("spec.resourceAttributes", "\"null\"", Why);
        if (kind == ReviewKinds.SelfSubjectAccessReviews) yield break;

        if (string.IsNullOrEmpty(review.Text("spec", "user")) && review.At("spec", "groups") is not JsonArray { Count: > 0 })
            yield return Invalid("spec.user", "\"\"", "at least one of user or group must be specified");
        if (kind != ReviewKinds.LocalSubjectAccessReviews) yield break;

        var @namespace = resource.Text("namespace") ?? "";
        if (resource is not null && @namespace != review.Text("metadata", "namespace"))
            yield return Invalid("spec.resourceAttributes.namespace", $"\"{@namespace}\"", "must match metadata.namespace");
        if (path is not null) yield return Invalid("spec.nonResourceAttributes", Printed(path), "disallowed on this kind of request");
    }

    private static string Printed(JsonObject path) => $"authorization.NonResourceAttributes{{Path:\"{path.Text("path")}\", Verb:\"{path.Text("verb")}\"}}";

    private static FieldError Invalid(string field, string value, string why) => new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");
}
