using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// What Kubernetes puts around a protobuf object: four bytes <c>k8s\0</c>, then runtime.Unknown with the kind (typeMeta = 1) and the object's message (raw = 2).
/// </summary>
internal readonly ref struct ProtobufEnvelope
{
    private ProtobufEnvelope(string kind, ReadOnlySpan<byte> raw)
    {
        Kind = kind;
        Raw = raw;
    }

    /// <summary>The first bytes of every such answer.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The kind; empty when the server left it out.</summary>
    public string Kind { get; }

    /// <summary>The object's message.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Opens an envelope that was read whole.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ProtobufEnvelope Open(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith(Magic)) throw new InvalidDataException("The protobuf answer does not begin as one.");
        var reader = new ProtobufReader(data[Magic.Length..]);
        var kind = "";
        ReadOnlySpan<byte> raw = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: kind = ReadKind(reader.Message()); break;
                case 2: raw = reader.Bytes(); break;
            }
        }
        return new(kind, raw);
    }

    /// <summary>The kind out of a runtime.TypeMeta.</summary>
    public static string ReadKind(ProtobufReader reader)
    {
        var kind = "";
        while (reader.Next())
        {
            if (reader.Field == 2) kind = reader.Text();
        }
        return kind;
    }
}
