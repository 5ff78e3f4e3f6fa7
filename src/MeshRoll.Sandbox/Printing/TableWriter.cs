using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Printing;

/// <summary>Writes objects as a Table (meta.k8s.io), from which kubectl prints.</summary>
/// <param name="printer">Makes the rows.</param>
/// <param name="version">v1 or v1beta1, as was asked for.</param>
/// <param name="include">How much of each object stands beside its row.</param>
/// <param name="now">The moment to which ages count.</param>
internal sealed class TableWriter(TablePrinter printer, string version, IncludedObject include, DateTimeOffset now)
{
    /// <summary>Writes a table.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="metadata">The list's metadata; for one object or one event of a watch only its resource version.</param>
    /// <param name="items">The objects as UTF-8 JSON.</param>
    /// <param name="withColumns">False where the client knows the columns already: in a watch the first event alone has them.</param>
    public void Write(Utf8JsonWriter writer, ListMetadata metadata, IEnumerable<ReadOnlyMemory<byte>> items, bool withColumns = true)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "Table");
        writer.WriteString("apiVersion", $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata");
        metadata.Write(writer);
        WriteColumns(writer, withColumns);
        writer.WriteStartArray("rows");
        foreach (var item in items) WriteRow(writer, item);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteColumns(Utf8JsonWriter writer, bool withColumns)
    {
        if (!withColumns)
        {
            writer.WriteNull("columnDefinitions");
            return;
        }
        writer.WriteStartArray("columnDefinitions");
        foreach (var column in printer.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type);
            writer.WriteString("format", column.Format);
            writer.WriteString("description", column.Description);
            writer.WriteNumber("priority", column.Priority);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter writer, ReadOnlyMemory<byte> item)
    {
        using var document = JsonDocument.Parse(item);
        writer.WriteStartObject();
        writer.WriteStartArray("cells");
        foreach (var cell in printer.Cells(document.RootElement, now)) cell.Write(writer);
        writer.WriteEndArray();
        writer.WritePropertyName("object");
        switch (include)
        {
            case IncludedObject.None:
                writer.WriteNullValue();
                break;
            case IncludedObject.Metadata:
                MetadataWriter.Write(writer, version, document.RootElement);
                break;
            default:
                writer.WriteRawValue(item.Span, skipInputValidation: true);
                break;
        }
        writer.WriteEndObject();
    }
}

/// <summary>How much of an object stands in its row: the query's <c>includeObject</c>.</summary>
internal enum IncludedObject
{
    /// <summary>Its metadata; what is meant when nothing is said.</summary>
    Metadata,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>All of it.</summary>
    Object,
}
