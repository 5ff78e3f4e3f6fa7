namespace MeshRoll.Sandbox.Protobuf;

/// <summary>How a field's JSON value is written. Lists are written value by value, so that no kind says whether its field repeats.</summary>
internal enum ProtobufKind
{
    /// <summary>Text as it is.</summary>
    Text,

    /// <summary>A whole number, as int32 or int64: on the wire they are the same.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Base64 in JSON, plain bytes here.</summary>
    Bytes,

    /// <summary>A message with a schema of its own.</summary>
    Message,

    /// <summary>meta/v1 Time and MicroTime: seconds = 1, nanos = 2.</summary>
    Moment,

    /// <summary>util/intstr IntOrString: type = 1, intVal = 2, strVal = 3.</summary>
    IntOrString,

    /// <summary>api/resource Quantity: string = 1.</summary>
    Quantity,

    /// <summary>A map from text to text; each entry is a message: key = 1, value = 2.</summary>
    TextMap,

    /// <summary>A map from text to bytes.</summary>
    BytesMap,

    /// <summary>A map from text to quantities.</summary>
    QuantityMap,

    /// <summary>JSON within protobuf (meta/v1 FieldsV1: Raw = 1).</summary>
    RawJson,
}
