using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>The object in a request's body, checked to be of the kind that the path expects.</summary>
internal static class ObjectBody
{
    private const int SummaryLength = 30;

    /// <summary>The object of the resource in the path, in the version of the path.</summary>
    /// <exception cref="ApiStatusException">It is no object, or one of another kind.</exception>
    public static JsonObject Read(ApiCall call)
    {
        var body = Read(call.Request, call.ApiVersion, call.Resource.Kind);
        if (FieldTypes.Error(call.Resource, body) is { } wrong)
            throw ApiStatusException.BadRequest($"{call.Resource.Kind} in version \"{call.Version}\" cannot be handled as a {call.Resource.Kind}: {wrong}");
        return body;
    }

    /// <summary>An object of one kind; what the body says nothing about is taken to be right.</summary>
    /// <inheritdoc cref="Read(ApiCall)"/>
    public static JsonObject Read(HttpRequest request, string apiVersion, string kind)
    {
        var body = Parse(request, kind);
        var (foundVersion, foundKind) = (body.Text("apiVersion") ?? "", body.Text("kind") ?? "");
        if (foundVersion.Length > 0 && foundVersion != apiVersion)
            throw ApiStatusException.BadRequest($"the API version in the data ({foundVersion}) does not match the expected API version ({apiVersion})");
        if (foundKind.Length > 0 && foundKind != kind)
        {
            var (group, version) = Split(apiVersion);
            var package = group.Length == 0 ? "core" : group.Split('.')[0];
            throw ApiStatusException.BadRequest(
                $"{foundKind} in version \"{version}\" cannot be handled as a {kind}: converting ({version}.{foundKind}) to ({package}.{kind}): unknown conversion");
        }
        body["apiVersion"] = apiVersion;
        body["kind"] = kind;
        return body;
    }

    /// <summary>The body as JSON, whatever it is about.</summary>
    /// <exception cref="ApiStatusException">It is no JSON or YAML object.</exception>
    public static JsonObject Parse(HttpRequest request, string kind)
    {
        var isYaml = MediaType(request) switch
        {
            "" or "application/json" => false,
            "application/yaml" => true,
            _ => throw ApiErrors.UnsupportedMediaType("the body of the request was in an unknown format - accepted media types include: application/json, application/yaml"),
        };
        JsonNode? node;
        try
        {
            node = isYaml ? YamlReading.Parse(request.Body) : JsonReading.Parse(request.Body);
        }
        catch (Exception exception) when (exception is JsonException or YamlDotNet.Core.YamlException)
        {
            var format = isYaml ? "yaml" : "json";
            throw ApiStatusException.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; {format} parse error: {exception.Message} ({Summary(request.Body)})");
        }
        return node as JsonObject
            ?? throw ApiStatusException.BadRequest($"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: an object is expected ({Summary(request.Body)})");
    }

    /// <summary>The body's media type without its parameters; empty when the request does not say.</summary>
    public static string MediaType(HttpRequest request) => request.Header("Content-Type").Split(';')[0].Trim().ToLowerInvariant();

    private static (string Group, string Version) Split(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
    }

    // As the real server: the beginning of the bytes, in hexadecimal where they are no text.
    private static string Summary(ReadOnlyMemory<byte> body)
    {
        var isCut = body.Length > SummaryLength;
        var start = (isCut ? body[..SummaryLength] : body).ToArray();
        var isText = Array.TrueForAll(start, sign => sign is >= 0x20 and < 0x7f or (byte)'\n' or (byte)'\t');
        var text = isText ? Encoding.ASCII.GetString(start).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) : Convert.ToHexString(start).ToLowerInvariant();
        return isCut ? $"{text} ..." : text;
    }
}
