using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of core/v1 about where pods may run.</summary>
internal static class AffinitySchema
{
    private static readonly ProtobufMessage NodeRequirement = new() { { "key", 1 }, { "operator", 2 }, { "values", 3 } };

    private static readonly ProtobufMessage NodeTerm = new() { { "matchExpressions", 1, NodeRequirement }, { "matchFields", 2, NodeRequirement } };

    private static readonly ProtobufMessage PodTerm = new()
    {
        { "labelSelector", 1, MetadataSchema.LabelSelector },
        { "namespaces", 2 },
        { "topologyKey", 3 },
        { "namespaceSelector", 4, MetadataSchema.LabelSelector },
        { "matchLabelKeys", 5 },
        { "mismatchLabelKeys", 6 },
    };

    private static readonly ProtobufMessage PodTerms = new()
    {
        { "requiredDuringSchedulingIgnoredDuringExecution", 1, PodTerm },
        { "preferredDuringSchedulingIgnoredDuringExecution", 2, new ProtobufMessage { { "weight", 1, Number }, { "podAffinityTerm", 2, PodTerm } } },
    };

    public static ProtobufMessage Affinity { get; } = new()
    {
        {
            "nodeAffinity", 1, new ProtobufMessage
            {
                { "requiredDuringSchedulingIgnoredDuringExecution", 1, new ProtobufMessage { { "nodeSelectorTerms", 1, NodeTerm } } },
                { "preferredDuringSchedulingIgnoredDuringExecution", 2, new ProtobufMessage { { "weight", 1, Number }, { "preference", 2, NodeTerm } } },
            }
        },
        { "podAffinity", 2, PodTerms },
        { "podAntiAffinity", 3, PodTerms },
    };

    public static ProtobufMessage Toleration { get; } = new() { { "key", 1 }, { "operator", 2 }, { "value", 3 }, { "effect", 4 }, { "tolerationSeconds", 5, Number } };

    public static ProtobufMessage Spread { get; } = new()
    {
        { "maxSkew", 1, Number },
        { "topologyKey", 2 },
        { "whenUnsatisfiable", 3 },
        { "labelSelector", 4, MetadataSchema.LabelSelector },
        { "minDomains", 5, Number },
        { "nodeAffinityPolicy", 6 },
        { "nodeTaintsPolicy", 7 },
        { "matchLabelKeys", 8 },
    };
}
