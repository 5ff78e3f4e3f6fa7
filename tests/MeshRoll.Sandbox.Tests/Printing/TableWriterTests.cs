using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Printing;

namespace MeshRoll.Sandbox.Tests.Printing;

public sealed class TableWriterTests
{
    private static readonly ReadOnlyMemory<byte>[] Items =
    [
        Encoding.UTF8.GetBytes("""{"kind":"Namespace","metadata":{"name":"shop","labels":{"a":"1"}},"status":{"phase":"Active"}}"""),
        Encoding.UTF8.GetBytes("""{"kind":"Namespace"}"""),
    ];

    [Fact]
    public void A_table_has_columns_and_a_row_for_each_object()
    {
        var table = Write(IncludedObject.None, "v1", new("7", "next", 5));

        Assert.Equal(("Table", "meta.k8s.io/v1"), (table["kind"]!.GetValue<string>(), table["apiVersion"]!.GetValue<string>()));
        Assert.Equal("""{"resourceVersion":"7","continue":"next","remainingItemCount":5}""", table["metadata"]!.ToJsonString());
        Assert.Equal("""{"name":"Name","type":"string","format":"name","description":"The name of the object.","priority":0}""", table["columnDefinitions"]![0]!.ToJsonString());
        Assert.Equal("""{"cells":["shop","Active","\u003Cunknown\u003E"],"object":null}""", table["rows"]![0]!.ToJsonString());
        Assert.Equal(2, table["rows"]!.AsArray().Count);
    }

    [Fact]
    public void Rows_carry_the_metadata_in_the_version_that_was_asked_for()
    {
        var rows = Write(IncludedObject.Metadata, "v1beta1", new("7"))["rows"]!;

        Assert.Equal("""{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1beta1","metadata":{"name":"shop","labels":{"a":"1"}}}""", rows[0]!["object"]!.ToJsonString());
        Assert.Equal("""{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1beta1","metadata":{}}""", rows[1]!["object"]!.ToJsonString());
    }

    [Fact]
    public void Rows_carry_the_whole_object_when_asked_to() =>
        Assert.Equal(Encoding.UTF8.GetString(Items[0].Span), Write(IncludedObject.Object, "v1", new("7"))["rows"]![0]!["object"]!.ToJsonString());

    [Fact]
    public void Later_events_of_a_watch_leave_out_the_columns() => Assert.Null(Write(IncludedObject.None, "v1", new(""), withColumns: false)["columnDefinitions"]);

    [Fact]
    public void Numbers_are_numbers()
    {
        TableCell[] cells = ["text", 7L, TableCell.Nothing];

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var cell in cells) cell.Write(writer);
            writer.WriteEndArray();
        }

        Assert.Equal("""["text",7,null]""", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void A_list_can_be_metadata_alone()
    {
        var list = Written(writer => MetadataWriter.WriteList(writer, "v1", new("7"), Items));

        Assert.Equal("PartialObjectMetadataList", list["kind"]!.GetValue<string>());
        Assert.Equal("shop", list["items"]![0]!["metadata"]!["name"]!.GetValue<string>());
        Assert.Equal("7", list["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    private static JsonNode Write(IncludedObject include, string version, ListMetadata metadata, bool withColumns = true) =>
        Written(writer => new TableWriter(TablePrinter.For("", "Namespace"), version, include, Table.Now).Write(writer, metadata, Items, withColumns));

    private static JsonNode Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) write(writer);
        return JsonNode.Parse(stream.ToArray())!;
    }
}
