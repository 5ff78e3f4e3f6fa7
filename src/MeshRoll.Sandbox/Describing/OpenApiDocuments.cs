namespace MeshRoll.Sandbox.Describing;

/// <summary>
/// The OpenAPI documents, without a single definition: the sandbox checks what it is sent itself, and kubectl skips its own check of
/// kinds that are not defined.
/// </summary>
internal static class OpenApiDocuments
{
    /// <summary>How kubectl asks for the version 2 document.</summary>
    public const string ProtobufMediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>Version 2 as JSON.</summary>
    public static ReadOnlySpan<byte> V2Json => """{"swagger":"2.0","info":{"title":"MeshRoll sandbox","version":"v1.30.0"},"paths":{}}"""u8;

    /// <summary>Version 2 as protobuf (openapi.v2 Document: swagger = 1, info = 2 {title = 1, version = 2}).</summary>
    public static ReadOnlySpan<byte> V2Protobuf => "\u000a\u00032.0\u0012\u001b\u000a\u0010MeshRoll sandbox\u0012\u0007v1.30.0"u8;

    /// <summary>The index of version 3.</summary>
    public static ReadOnlySpan<byte> V3Json => """{"paths":{}}"""u8;
}
