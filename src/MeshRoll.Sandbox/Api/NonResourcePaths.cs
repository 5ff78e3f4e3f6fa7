using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Describing;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>What is asked of the server itself: health, version, discovery and the OpenAPI documents.</summary>
internal sealed class NonResourcePaths
{
    private const string PlainText = "text/plain; charset=utf-8";

    // Clients ask with an @ before the version, which is no media type to Go's parser: the server answers with a dot.
    private const string OpenApiProtobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static readonly string[] Checks = ["ping", "log", "etcd", "informer-sync", "poststarthook/generic-apiserver-start-informers"];

    private readonly DiscoveryDocuments _discovery = new(ApiResources.All);

    /// <summary>Answers one request.</summary>
    /// <exception cref="ApiStatusException">There is nothing at this path, or not for this method.</exception>
    public Task AnswerAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var path = request.Path.Length > 1 ? request.Path.TrimEnd('/') : request.Path;
        var (contentType, body) = Document(path, request);
        if (request.Method is not ("GET" or "HEAD")) throw ApiErrors.MethodNotAllowed();
        return response.SendAsync(200, contentType, body, cancellationToken);
    }

    private (string ContentType, ReadOnlyMemory<byte> Body) Document(string path, HttpRequest request)
    {
        switch (path)
        {
            case "/": return (AcceptHeader.Json, Paths());
            case "/version": return (AcceptHeader.Json, ServerVersion.Document());
            case "/openapi/v2":
                return request.Header("Accept").Contains("proto-openapi.spec.v2", StringComparison.Ordinal)
                    ? (OpenApiProtobuf, OpenApiDocuments.V2Protobuf)
                    : (AcceptHeader.Json, OpenApiDocuments.V2Json);
        }
        if (Health(path, request) is { } health) return (PlainText, health);
        return Discovery(path, request) ?? throw ApiErrors.NoSuchPath();
    }

    private (string ContentType, ReadOnlyMemory<byte> Body)? Discovery(string path, HttpRequest request)
    {
        var accept = request.Header("Accept");
        // Only the two roots know the document of everything at once.
        if (path is "/api" or "/apis")
        {
            var form = AcceptHeader.ForDiscovery(accept) ?? throw new ApiStatusException(406, "NotAcceptable", AcceptHeader.NotAcceptable(offersProtobuf: false));
            if (form.Shape == AnswerShape.AggregatedDiscovery) return (form.ContentType, _discovery.Aggregated(path, form.Version));
        }
        return _discovery.Find(path, request.Header("Host")) is { } found ? (AcceptHeader.Json, found) : null;
    }

    private static byte[]? Health(string path, HttpRequest request)
    {
        var parts = path.TrimStart('/').Split('/', 2);
        if (parts[0] is not ("healthz" or "livez" or "readyz")) return null;
        if (parts.Length > 1) return Checks.Contains(parts[1]) ? "ok"u8.ToArray() : null;
        if (request.QueryValue("verbose") is null) return "ok"u8.ToArray();
        var text = new StringBuilder();
        foreach (var check in Checks) text.Append("[+]").Append(check).Append(" ok\n");
        return Encoding.UTF8.GetBytes(text.Append(parts[0]).Append(" check passed\n").ToString());
    }

    private static byte[] Paths()
    {
        var groups = ApiResources.All.Where(resource => resource.Group.Length > 0).Select(resource => $"/apis/{resource.Group}").Distinct();
        var versions = ApiResources.All.Where(resource => resource.Group.Length > 0).Select(resource => $"/apis/{resource.ApiVersion}").Distinct();
        string[] all = ["/api", "/api/v1", "/apis", .. groups, .. versions, "/healthz", "/livez", "/openapi/v2", "/readyz", "/version"];
        return PlainJson.Bytes(new JsonObject { ["paths"] = new JsonArray([.. all.Order(StringComparer.Ordinal).Select(path => (JsonNode)path)]) });
    }
}
