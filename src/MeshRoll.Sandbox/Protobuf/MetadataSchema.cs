using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of meta/v1.</summary>
internal static class MetadataSchema
{
    public static ProtobufMessage LabelSelector { get; } = new()
    {
        { "matchLabels", 1, TextMap },
        { "matchExpressions", 2, new ProtobufMessage { { "key", 1 }, { "operator", 2 }, { "values", 3 } } },
    };

    public static ProtobufMessage Status { get; } = new()
    {
        { "status", 2 },
        { "message", 3 },
        { "reason", 4 },
        {
            "details", 5, new ProtobufMessage
            {
                { "name", 1 }, { "group", 2 }, { "kind", 3 }, { "causes", 4, new ProtobufMessage { { "reason", 1 }, { "message", 2 }, { "field", 3 } } },
                { "retryAfterSeconds", 5, Number }, { "uid", 6 },
            }
        },
        { "code", 6, Number },
    };

    public static ProtobufMessage ObjectMeta { get; } = new()
    {
        { "name", 1 },
        { "generateName", 2 },
        { "namespace", 3 },
        { "selfLink", 4 },
        { "uid", 5 },
        { "resourceVersion", 6 },
        { "generation", 7, Number },
        { "creationTimestamp", 8, Moment },
        { "deletionTimestamp", 9, Moment },
        { "deletionGracePeriodSeconds", 10, Number },
        { "labels", 11, TextMap },
        { "annotations", 12, TextMap },
        {
            "ownerReferences", 13, new ProtobufMessage
            {
                { "kind", 1 }, { "name", 3 }, { "uid", 4 }, { "apiVersion", 5 }, { "controller", 6, Flag }, { "blockOwnerDeletion", 7, Flag },
            }
        },
        { "finalizers", 14 },
        {
            "managedFields", 17, new ProtobufMessage
            {
                { "manager", 1 }, { "operation", 2 }, { "apiVersion", 3 }, { "time", 4, Moment }, { "fieldsType", 6 }, { "fieldsV1", 7, RawJson }, { "subresource", 8 },
            }
        },
    };
}
