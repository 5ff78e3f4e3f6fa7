using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Protobuf;

namespace MeshRoll.Sandbox.Describing;

/// <summary>
/// The OpenAPI document of version 2, without a single definition: the sandbox checks what it is sent itself, and kubectl skips its own check of
/// kinds that are not defined. It names the PATCH of every kind, for there kubectl looks whether <c>--dry-run=server</c> is possible. Version 3 is not
/// offered: kubectl then asks for version 2.
/// </summary>
internal static class OpenApiDocuments
{
    /// <summary>How kubectl asks for the document as protobuf.</summary>
    public const string ProtobufMediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private const string Title = "MeshRoll sandbox";
    private const string Version = "v1.30.0";
    private const string GroupVersionKind = "x-kubernetes-group-version-kind";

    private static readonly (string Name, string Description)[] Parameters =
    [
        ("dryRun", "When present, indicates that modifications should not be persisted."),
        ("fieldManager", "Who makes the change."),
    ];

    /// <summary>The document as JSON.</summary>
    public static byte[] V2Json { get; } = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["swagger"] = "2.0",
        ["info"] = new JsonObject { ["title"] = Title, ["version"] = Version },
        ["paths"] = new JsonObject(Served().Select(kind => KeyValuePair.Create(Path(kind.Resource, kind.Version), (JsonNode?)Operations(kind.Resource, kind.Version)))),
    });

    /// <summary>The document as protobuf (openapi.v2 of the package gnostic: swagger = 1, info = 2, paths = 8).</summary>
    public static byte[] V2Protobuf { get; } = Write();

    private static JsonObject Operations(ApiResource resource, string version) => new()
    {
        ["patch"] = new JsonObject
        {
            ["parameters"] = new JsonArray([.. Parameters.Select(parameter => new JsonObject
            {
                ["name"] = parameter.Name, ["in"] = "query", ["description"] = parameter.Description, ["type"] = "string", ["uniqueItems"] = true,
            })]),
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            [GroupVersionKind] = new JsonObject { ["group"] = resource.Group, ["kind"] = resource.Kind, ["version"] = version },
        },
    };

    private static byte[] Write()
    {
        var document = new ProtobufBuffer();
        document.Text(1, "2.0");
        Message(document, 2, info =>
        {
            info.Text(1, Title);
            info.Text(2, Version);
        });
        // paths.path = 2: name = 1, value = 2; its patch = 8: parameters = 8, responses = 9, vendor_extension = 13.
        Message(document, 8, paths =>
        {
            foreach (var (resource, version) in Served())
            {
                Message(paths, 2, path =>
                {
                    path.Text(1, Path(resource, version));
                    Message(path, 2, item => Message(item, 8, operation => WritePatch(operation, resource, version)));
                });
            }
        });
        return document.Written.ToArray();
    }

    private static void WritePatch(ProtobufBuffer operation, ApiResource resource, string version)
    {
        foreach (var (name, description) in Parameters)
        {
            // parameter = 1, non_body_parameter = 2, query_parameter_sub_schema = 3: in = 2, description = 3, name = 4, type = 6.
            Message(operation, 8, item => Message(item, 1, parameter => Message(parameter, 2, nonBody => Message(nonBody, 3, query =>
            {
                query.Text(2, "query");
                query.Text(3, description);
                query.Text(4, name);
                query.Text(6, "string");
            }))));
        }
        // response_code = 1: name = 1, value = 2; its response = 1: description = 1.
        Message(operation, 9, responses => Message(responses, 1, named =>
        {
            named.Text(1, "200");
            Message(named, 2, value => Message(value, 1, response => response.Text(1, "OK")));
        }));
        // name = 1, value = 2: yaml = 2.
        Message(operation, 13, extension =>
        {
            extension.Text(1, GroupVersionKind);
            Message(extension, 2, value => value.Text(2, $"group: \"{resource.Group}\"\nkind: {resource.Kind}\nversion: {version}\n"));
        });
    }

    private static void Message(ProtobufBuffer buffer, int field, Action<ProtobufBuffer> write)
    {
        var start = buffer.Open(field);
        write(buffer);
        buffer.Close(start);
    }

    private static IEnumerable<(ApiResource Resource, string Version)> Served() =>
        ApiResources.All.SelectMany(resource => (string[])[resource.Version, .. resource.OtherVersions], (resource, version) => (resource, version));

    private static string Path(ApiResource resource, string version)
    {
        var root = resource.Group.Length == 0 ? "/api" : $"/apis/{resource.Group}";
        return $"{root}/{version}{(resource.Namespaced ? "/namespaces/{namespace}" : "")}/{resource.Plural}/{{name}}";
    }
}
