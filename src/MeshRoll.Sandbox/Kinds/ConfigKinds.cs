using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>ConfigMaps and Secrets (core/v1).</summary>
internal static class ConfigKinds
{
    private const string KeyRule =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    private const string Fixed = "field is immutable when `immutable` is set";

    /// <summary>Fills a Secret in; what was given as text is kept in base64.</summary>
    public static void DefaultSecret(JsonObject secret)
    {
        if (secret["stringData"] is JsonObject texts)
        {
            foreach (var (key, value) in texts) secret.Object("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value?.ToString() ?? ""));
            secret.Remove("stringData");
        }
        secret.Fill("type", "Opaque");
    }

    /// <summary>What is wrong with a Secret.</summary>
    public static IEnumerable<FieldError> ValidateSecret(JsonObject secret, JsonObject? before)
    {
        foreach (var error in CheckKeys(secret, "data")) yield return error;
        if (before is null) yield break;
        if (before.Text("type") != secret.Text("type")) yield return InvalidText("type", secret.Text("type") ?? "", Immutable);
        foreach (var error in CheckFixed(secret, before, "data")) yield return error;
    }

    /// <summary>What is wrong with a ConfigMap.</summary>
    public static IEnumerable<FieldError> ValidateConfigMap(JsonObject map, JsonObject? before)
    {
        foreach (var error in CheckKeys(map, "data").Concat(CheckKeys(map, "binaryData"))) yield return error;
        if (before is null) yield break;
        foreach (var error in CheckFixed(map, before, "data", "binaryData")) yield return error;
    }

    private static IEnumerable<FieldError> CheckKeys(JsonObject body, string field)
    {
        if (body[field] is not JsonObject entries) yield break;
        foreach (var (key, _) in entries)
        {
            var path = $"{field}[{key}]";
            if (key.Length > 253) yield return InvalidText(path, key, "must be no more than 253 characters");
            if (key.Length == 0 || key.Any(sign => !char.IsAsciiLetterOrDigit(sign) && sign is not ('-' or '.' or '_'))) yield return InvalidText(path, key, KeyRule);
            else if (key is "." or "..") yield return InvalidText(path, key, $"must not be '{key}'");
        }
    }

    private static IEnumerable<FieldError> CheckFixed(JsonObject body, JsonObject before, params string[] fields)
    {
        if (!before.Flag("immutable")) yield break;
        if (!body.Flag("immutable")) yield return Forbidden("immutable", Fixed);
        foreach (var field in fields)
        {
            if (!JsonNode.DeepEquals(before[field], body[field])) yield return Forbidden(field, Fixed);
        }
    }
}
