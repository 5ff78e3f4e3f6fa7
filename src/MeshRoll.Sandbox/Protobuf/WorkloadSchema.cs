using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of apps/v1.</summary>
internal static class WorkloadSchema
{
    /// <summary>RollingUpdateDeployment and RollingUpdateDaemonSet, which agree.</summary>
    private static readonly ProtobufMessage RollingUpdate = new() { { "maxUnavailable", 1, IntOrString }, { "maxSurge", 2, IntOrString } };

    /// <summary>The conditions of all but Deployments.</summary>
    private static readonly ProtobufMessage Condition = new() { { "type", 1 }, { "status", 2 }, { "lastTransitionTime", 3, Moment }, { "reason", 4 }, { "message", 5 } };

    public static ProtobufMessage Deployment { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        {
            "spec", 2, new ProtobufMessage
            {
                { "replicas", 1, Number },
                { "selector", 2, MetadataSchema.LabelSelector },
                { "template", 3, PodSchema.Template },
                { "strategy", 4, new ProtobufMessage { { "type", 1 }, { "rollingUpdate", 2, RollingUpdate } } },
                { "minReadySeconds", 5, Number },
                { "revisionHistoryLimit", 6, Number },
                { "paused", 7, Flag },
                { "progressDeadlineSeconds", 9, Number },
            }
        },
        {
            "status", 3, new ProtobufMessage
            {
                { "observedGeneration", 1, Number },
                { "replicas", 2, Number },
                { "updatedReplicas", 3, Number },
                { "availableReplicas", 4, Number },
                { "unavailableReplicas", 5, Number },
                { "conditions", 6, new ProtobufMessage { { "type", 1 }, { "status", 2 }, { "reason", 4 }, { "message", 5 }, { "lastUpdateTime", 6, Moment }, { "lastTransitionTime", 7, Moment } } },
                { "readyReplicas", 7, Number },
                { "collisionCount", 8, Number },
                { "terminatingReplicas", 9, Number },
            }
        },
    };

    public static ProtobufMessage ReplicaSet { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        {
            "spec", 2, new ProtobufMessage
            {
                { "replicas", 1, Number }, { "selector", 2, MetadataSchema.LabelSelector }, { "template", 3, PodSchema.Template }, { "minReadySeconds", 4, Number },
            }
        },
        {
            "status", 3, new ProtobufMessage
            {
                { "replicas", 1, Number },
                { "fullyLabeledReplicas", 2, Number },
                { "observedGeneration", 3, Number },
                { "readyReplicas", 4, Number },
                { "availableReplicas", 5, Number },
                { "conditions", 6, Condition },
                { "terminatingReplicas", 7, Number },
            }
        },
    };

    public static ProtobufMessage StatefulSet { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        {
            "spec", 2, new ProtobufMessage
            {
                { "replicas", 1, Number },
                { "selector", 2, MetadataSchema.LabelSelector },
                { "template", 3, PodSchema.Template },
                { "volumeClaimTemplates", 4, VolumeSchema.Claim },
                { "serviceName", 5 },
                { "podManagementPolicy", 6 },
                { "updateStrategy", 7, new ProtobufMessage { { "type", 1 }, { "rollingUpdate", 2, new ProtobufMessage { { "partition", 1, Number }, { "maxUnavailable", 2, IntOrString } } } } },
                { "revisionHistoryLimit", 8, Number },
                { "minReadySeconds", 9, Number },
                { "persistentVolumeClaimRetentionPolicy", 10, new ProtobufMessage { { "whenDeleted", 1 }, { "whenScaled", 2 } } },
                { "ordinals", 11, new ProtobufMessage { { "start", 1, Number } } },
            }
        },
        {
            "status", 3, new ProtobufMessage
            {
                { "observedGeneration", 1, Number },
                { "replicas", 2, Number },
                { "readyReplicas", 3, Number },
                { "currentReplicas", 4, Number },
                { "updatedReplicas", 5, Number },
                { "currentRevision", 6 },
                { "updateRevision", 7 },
                { "collisionCount", 9, Number },
                { "conditions", 10, Condition },
                { "availableReplicas", 11, Number },
            }
        },
    };

    public static ProtobufMessage DaemonSet { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        {
            "spec", 2, new ProtobufMessage
            {
                { "selector", 1, MetadataSchema.LabelSelector },
                { "template", 2, PodSchema.Template },
                { "updateStrategy", 3, new ProtobufMessage { { "type", 1 }, { "rollingUpdate", 2, RollingUpdate } } },
                { "minReadySeconds", 4, Number },
                { "revisionHistoryLimit", 6, Number },
            }
        },
        {
            "status", 3, new ProtobufMessage
            {
                { "currentNumberScheduled", 1, Number },
                { "numberMisscheduled", 2, Number },
                { "desiredNumberScheduled", 3, Number },
                { "numberReady", 4, Number },
                { "observedGeneration", 5, Number },
                { "updatedNumberScheduled", 6, Number },
                { "numberAvailable", 7, Number },
                { "numberUnavailable", 8, Number },
                { "collisionCount", 9, Number },
                { "conditions", 10, Condition },
            }
        },
    };
}
