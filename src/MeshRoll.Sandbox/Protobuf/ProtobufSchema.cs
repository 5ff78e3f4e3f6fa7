namespace MeshRoll.Sandbox.Protobuf;

/// <summary>The messages of the kinds that can be written.</summary>
internal static class ProtobufSchema
{
    /// <summary>meta/v1 PartialObjectMetadata.</summary>
    public static ProtobufMessage PartialObjectMetadata { get; } = new() { { "metadata", 1, MetadataSchema.ObjectMeta } };

    private static readonly Dictionary<string, ProtobufMessage> Kinds = new(StringComparer.Ordinal)
    {
        ["Pod"] = PodSchema.Pod,
        ["Namespace"] = CoreSchema.Namespace,
        ["ConfigMap"] = CoreSchema.ConfigMap,
        ["Event"] = CoreSchema.Event,
        ["Deployment"] = WorkloadSchema.Deployment,
        ["ReplicaSet"] = WorkloadSchema.ReplicaSet,
        ["StatefulSet"] = WorkloadSchema.StatefulSet,
        ["DaemonSet"] = WorkloadSchema.DaemonSet,
        ["MutatingWebhookConfiguration"] = WebhookSchema.MutatingWebhookConfiguration,
    };

    /// <summary>The message of a kind, or null where it has none.</summary>
    public static ProtobufMessage? Find(string kind) => Kinds.GetValueOrDefault(kind);
}
