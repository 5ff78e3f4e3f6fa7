using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of core/v1 besides pods.</summary>
internal static class CoreSchema
{
    private static readonly ProtobufMessage ObjectReference = new()
    {
        { "kind", 1 }, { "namespace", 2 }, { "name", 3 }, { "uid", 4 }, { "apiVersion", 5 }, { "resourceVersion", 6 }, { "fieldPath", 7 },
    };

    public static ProtobufMessage Namespace { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        { "spec", 2, new ProtobufMessage { { "finalizers", 1 } } },
        {
            "status", 3, new ProtobufMessage
            {
                { "phase", 1 },
                { "conditions", 2, new ProtobufMessage { { "type", 1 }, { "status", 2 }, { "lastTransitionTime", 4, Moment }, { "reason", 5 }, { "message", 6 } } },
            }
        },
    };

    public static ProtobufMessage ConfigMap { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta }, { "data", 2, TextMap }, { "binaryData", 3, BytesMap }, { "immutable", 4, Flag },
    };

    public static ProtobufMessage Event { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        { "involvedObject", 2, ObjectReference },
        { "reason", 3 },
        { "message", 4 },
        { "source", 5, new ProtobufMessage { { "component", 1 }, { "host", 2 } } },
        { "firstTimestamp", 6, Moment },
        { "lastTimestamp", 7, Moment },
        { "count", 8, Number },
        { "type", 9 },
        { "eventTime", 10, Moment },
        { "series", 11, new ProtobufMessage { { "count", 1, Number }, { "lastObservedTime", 2, Moment } } },
        { "action", 12 },
        { "related", 13, ObjectReference },
        { "reportingComponent", 14 },
        { "reportingInstance", 15 },
    };
}
