using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Printing;
using MeshRoll.Sandbox.Protobuf;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Api;

/// <summary>The form of an answer, chosen by the header Accept and the query before anything is done.</summary>
internal sealed class AnswerForm
{
    // What nearly every client sends for single objects; not worth being read again and again.
    private static readonly AnswerForm Plain = new(AcceptedForm.Json, IncludedObject.Metadata);

    private readonly AcceptedForm _accepted;
    private readonly IncludedObject _include;

    private AnswerForm(AcceptedForm accepted, IncludedObject include) => (_accepted, _include) = (accepted, include);

    /// <summary>Whether objects are answered as they are kept.</summary>
    public bool IsPlain => _accepted is { Shape: AnswerShape.Object, IsPretty: false, IsProtobuf: false };

    /// <summary>Whether protobuf is wanted.</summary>
    public bool IsProtobuf => _accepted.IsProtobuf;

    /// <summary>Whether whole objects are wanted as protobuf.</summary>
    public bool IsPlainProtobuf => _accepted is { Shape: AnswerShape.Object, IsProtobuf: true };

    /// <summary>Whether rows for people are wanted.</summary>
    public bool IsTable => _accepted.Shape == AnswerShape.Table;

    /// <summary>Whether whole objects are wanted as JSON.</summary>
    public bool IsJson => _accepted is { Shape: AnswerShape.Object, IsProtobuf: false };

    /// <summary>The answer's media type.</summary>
    public string ContentType => _accepted.ContentType;

    /// <summary>Chooses the form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="resource">The resource it is about.</param>
    /// <exception cref="ApiStatusException">There is none that the client would accept.</exception>
    public static AnswerForm Of(HttpRequest request, ApiResource resource)
    {
        var accept = request.Header("Accept");
        if (accept.Length == 0 || accept is AcceptHeader.Json or "*/*") return RequestOptions.Flag(request, "pretty") ? new(AcceptedForm.Json with { IsPretty = true }, IncludedObject.Metadata) : Plain;

        var (verb, version) = (request.Target.Verb, request.Target.Version);
        // The schemas are those of the kept versions.
        var offersProtobuf = version == resource.Version && ProtobufEncoder.CanEncode(resource.Kind);
        var accepted = AcceptHeader.ForObjects(accept, isSingle: verb is not ("list" or "deletecollection"), offersProtobuf)
            ?? throw new ApiStatusException(406, "NotAcceptable", AcceptHeader.NotAcceptable(offersProtobuf));
        return new(accepted, Include(request));
    }

    /// <summary>One object in this form; not for plain ones.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="json">The object.</param>
    /// <param name="now">The time in the sandbox, for ages.</param>
    /// <param name="withColumns">Whether a table says its columns.</param>
    public ReadOnlyMemory<byte> Single(ApiResource resource, ReadOnlyMemory<byte> json, DateTimeOffset now, bool withColumns = true)
    {
        if (_accepted.IsProtobuf) return _accepted.Shape == AnswerShape.Metadata ? ProtobufDocument.Metadata(_accepted.Version, json.Span) : ProtobufDocument.Object(resource.ApiVersion, resource.Kind, json.Span);
        using var document = JsonDocument.Parse(json);
        return Written(writer =>
        {
            switch (_accepted.Shape)
            {
                case AnswerShape.Table:
                    Table(resource, now).Write(writer, new ListMetadata(document.RootElement.Text("metadata", "resourceVersion")), [json], withColumns);
                    break;
                case AnswerShape.Metadata:
                    MetadataWriter.Write(writer, _accepted.Version, document.RootElement);
                    break;
                default:
                    document.RootElement.WriteTo(writer);
                    break;
            }
        });
    }

    /// <summary>A list in this form; not for plain ones.</summary>
    public ReadOnlyMemory<byte> List(ApiResource resource, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items, DateTimeOffset now) => (_accepted.IsProtobuf, _accepted.Shape) switch
    {
        (true, AnswerShape.Metadata) => ProtobufDocument.MetadataList(_accepted.Version, metadata, items),
        (true, _) => ProtobufDocument.List(resource.ApiVersion, resource.Kind, metadata, items),
        (_, AnswerShape.Table) => Written(writer => Table(resource, now).Write(writer, metadata, items)),
        _ => Written(writer => MetadataWriter.WriteList(writer, _accepted.Version, metadata, items)),
    };

    /// <summary>A table without rows, in which a watch says no more than its version.</summary>
    public ReadOnlyMemory<byte> EmptyTable(ApiResource resource, string version, bool withColumns) =>
        Written(writer => Table(resource, default).Write(writer, new ListMetadata(version), [], withColumns));

    /// <summary>A document in JSON.</summary>
    public byte[] Document(JsonNode document) => _accepted.IsPretty ? JsonSerializer.SerializeToUtf8Bytes(document, PlainText.Indented) : PlainJson.Bytes(document);

    private TableWriter Table(ApiResource resource, DateTimeOffset now) => new(TablePrinter.For(resource.Group, resource.Kind), _accepted.Version, _include, now);

    private ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions with { Indented = _accepted.IsPretty })) write(writer);
        return buffer.WrittenMemory;
    }

    private static IncludedObject Include(HttpRequest request) => request.QueryValue("includeObject") switch
    {
        null or "" or "Metadata" => IncludedObject.Metadata,
        "None" => IncludedObject.None,
        "Object" => IncludedObject.Object,
        var other => throw ApiStatusException.BadRequest($"unrecognized includeObject value: {other}"),
    };
}
