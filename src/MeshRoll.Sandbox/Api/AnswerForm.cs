using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Printing;
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

    /// <summary>Whether rows for people are wanted.</summary>
    public bool IsTable => _accepted.Shape == AnswerShape.Table;

    /// <summary>Whether objects are wanted as they are, however they are written.</summary>
    public bool IsObject => _accepted.Shape == AnswerShape.Object;

    /// <summary>Whether JSON is to be indented.</summary>
    public bool IsPretty => _accepted.IsPretty;

    /// <summary>Chooses the form.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isSingle">Whether one object is answered, not a list.</param>
    /// <exception cref="ApiStatusException">There is none that the client would accept.</exception>
    public static AnswerForm Of(HttpRequest request, bool isSingle)
    {
        var accept = request.Header("Accept");
        if (accept.Length == 0 || accept is AcceptHeader.Json or "*/*") return RequestOptions.Flag(request, "pretty") ? new(AcceptedForm.Json with { IsPretty = true }, IncludedObject.Metadata) : Plain;
        var accepted = AcceptHeader.ForObjects(accept, isSingle, offersProtobuf: false)
            ?? throw new ApiStatusException(406, "NotAcceptable", AcceptHeader.NotAcceptable(offersProtobuf: false));
        return new(accepted, Include(request));
    }

    /// <summary>One object in this form; not for plain ones.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="json">The object.</param>
    /// <param name="now">The time in the sandbox, for ages.</param>
    /// <param name="withColumns">Whether a table says its columns.</param>
    public ReadOnlyMemory<byte> Single(ApiResource resource, ReadOnlyMemory<byte> json, DateTimeOffset now, bool withColumns = true)
    {
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
    public ReadOnlyMemory<byte> List(ApiResource resource, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items, DateTimeOffset now) => Written(writer =>
    {
        if (IsTable) Table(resource, now).Write(writer, metadata, items);
        else MetadataWriter.WriteList(writer, _accepted.Version, metadata, items);
    });

    /// <summary>A table without rows, in which a watch says no more than its version.</summary>
    public ReadOnlyMemory<byte> EmptyTable(ApiResource resource, string version, bool withColumns) =>
        Written(writer => Table(resource, default).Write(writer, new ListMetadata(version), [], withColumns));

    /// <summary>A document in JSON.</summary>
    public byte[] Document(JsonNode document) => IsPretty ? JsonSerializer.SerializeToUtf8Bytes(document, PlainJson.Indented) : PlainJson.Bytes(document);

    private TableWriter Table(ApiResource resource, DateTimeOffset now) => new(TablePrinter.For(resource.Group, resource.Kind), _accepted.Version, _include, now);

    private ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, PlainJson.WriterOptions with { Indented = IsPretty })) write(writer);
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
