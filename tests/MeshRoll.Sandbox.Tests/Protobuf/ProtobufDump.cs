using System.Text;
using MeshRoll.Kubernetes.Models.Protobuf;
using MeshRoll.Sandbox.Protobuf;

namespace MeshRoll.Sandbox.Tests.Protobuf;

/// <summary>Writes a message out for people, with the schema telling which fields are messages.</summary>
internal static class ProtobufDump
{
    private static readonly ProtobufMessage Text = [];
    private static readonly ProtobufMessage TextEntry = new() { { "key", 1 }, { "value", 2 } };
    private static readonly ProtobufMessage Quantity = new() { { "string", 1 } };
    private static readonly ProtobufMessage QuantityEntry = new() { { "key", 1 }, { "value", 2, Quantity } };
    private static readonly ProtobufMessage Numbers = new() { { "one", 1, ProtobufKind.Number }, { "two", 2, ProtobufKind.Number }, { "three", 3 } };

    public static string Message(ProtobufMessage schema, byte[] bytes)
    {
        var text = new List<string>();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            var number = reader.Field;
            var inner = Inner(schema, number);
            if (inner is null) text.Add($"{number}={reader.Int64()}");
            else if (inner == Text) text.Add($"{number}:'{Encoding.UTF8.GetString(reader.Bytes())}'");
            else text.Add($"{number}:{{{Message(inner, reader.Bytes().ToArray())}}}");
        }
        return string.Join(' ', text);
    }

    public static byte[] Value(byte[] bytes, int field)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == field) return reader.Bytes().ToArray();
        }
        return [];
    }

    /// <summary>What is inside a field: nothing for numbers, the empty schema for text.</summary>
    public static ProtobufMessage Inner(ProtobufMessage schema, int number)
    {
        var inlined = schema.Where(field => field.Outer == number).ToList();
        if (inlined.Count > 0)
        {
            var message = new ProtobufMessage();
            foreach (var field in inlined)
            {
                if (field.Message is null) message.Add(Encoding.UTF8.GetString(field.Name), field.Number, field.Kind);
                else message.Add(Encoding.UTF8.GetString(field.Name), field.Number, field.Message);
            }
            return message;
        }
        var found = schema.First(field => field.Outer == 0 && field.Number == number);
        return found.Kind switch
        {
            ProtobufKind.Message => found.Message!,
            ProtobufKind.Number or ProtobufKind.Flag => null!,
            ProtobufKind.TextMap or ProtobufKind.BytesMap => TextEntry,
            ProtobufKind.QuantityMap => QuantityEntry,
            ProtobufKind.Quantity or ProtobufKind.RawJson => Quantity,
            ProtobufKind.Moment or ProtobufKind.IntOrString => Numbers,
            _ => Text,
        };
    }
}
