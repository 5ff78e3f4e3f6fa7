using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeshRoll.Runner.Output;

/// <summary>One JSON array, an element a line, written as elements come. Always ends as valid JSON, also without elements.</summary>
internal sealed class JsonArrayWriter<T>(TextWriter writer, JsonTypeInfo<T> type)
{
    private bool _any;

    internal void Add(T element)
    {
        writer.Write(_any ? ",\n" : "[\n");
        writer.Write(JsonSerializer.Serialize(element, type));
        _any = true;
    }

    internal void End() => writer.WriteLine(_any ? "\n]" : "[]");
}
