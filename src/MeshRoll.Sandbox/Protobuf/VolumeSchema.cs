using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of core/v1 about volumes. Those of single storage vendors are left out.</summary>
internal static class VolumeSchema
{
    private static readonly ProtobufMessage LocalObjectReference = new() { { "name", 1 } };

    private static readonly ProtobufMessage KeyToPath = new() { { "key", 1 }, { "path", 2 }, { "mode", 3, Number } };

    private static readonly ProtobufMessage DownwardFile = new()
    {
        { "path", 1 }, { "fieldRef", 2, ContainerSchema.FieldSelector }, { "resourceFieldRef", 3, ContainerSchema.ResourceSelector }, { "mode", 4, Number },
    };

    private static readonly ProtobufMessage Projection = new()
    {
        { "secret", 1, new ProtobufMessage { { 1, LocalObjectReference }, { "items", 2, KeyToPath }, { "optional", 4, Flag } } },
        { "downwardAPI", 2, new ProtobufMessage { { "items", 1, DownwardFile } } },
        { "configMap", 3, new ProtobufMessage { { 1, LocalObjectReference }, { "items", 2, KeyToPath }, { "optional", 4, Flag } } },
        { "serviceAccountToken", 4, new ProtobufMessage { { "audience", 1 }, { "expirationSeconds", 2, Number }, { "path", 3 } } },
        {
            "clusterTrustBundle", 5, new ProtobufMessage
            {
                { "name", 1 }, { "signerName", 2 }, { "labelSelector", 3, MetadataSchema.LabelSelector }, { "path", 4 }, { "optional", 5, Flag },
            }
        },
    };

    private static readonly ProtobufMessage ClaimSpec = new()
    {
        { "accessModes", 1 },
        { "resources", 2, new ProtobufMessage { { "limits", 1, QuantityMap }, { "requests", 2, QuantityMap } } },
        { "volumeName", 3 },
        { "selector", 4, MetadataSchema.LabelSelector },
        { "storageClassName", 5 },
        { "volumeMode", 6 },
        { "dataSource", 7, new ProtobufMessage { { "apiGroup", 1 }, { "kind", 2 }, { "name", 3 } } },
        { "dataSourceRef", 8, new ProtobufMessage { { "apiGroup", 1 }, { "kind", 2 }, { "name", 3 }, { "namespace", 4 } } },
        { "volumeAttributesClassName", 9 },
    };

    private static readonly ProtobufMessage Source = new()
    {
        { "hostPath", 1, new ProtobufMessage { { "path", 1 }, { "type", 2 } } },
        { "emptyDir", 2, new ProtobufMessage { { "medium", 1 }, { "sizeLimit", 2, Quantity } } },
        { "secret", 6, new ProtobufMessage { { "secretName", 1 }, { "items", 2, KeyToPath }, { "defaultMode", 3, Number }, { "optional", 4, Flag } } },
        { "nfs", 7, new ProtobufMessage { { "server", 1 }, { "path", 2 }, { "readOnly", 3, Flag } } },
        { "persistentVolumeClaim", 10, new ProtobufMessage { { "claimName", 1 }, { "readOnly", 2, Flag } } },
        { "downwardAPI", 16, new ProtobufMessage { { "items", 1, DownwardFile }, { "defaultMode", 2, Number } } },
        { "configMap", 19, new ProtobufMessage { { 1, LocalObjectReference }, { "items", 2, KeyToPath }, { "defaultMode", 3, Number }, { "optional", 4, Flag } } },
        { "projected", 26, new ProtobufMessage { { "sources", 1, Projection }, { "defaultMode", 2, Number } } },
        {
            "csi", 28, new ProtobufMessage
            {
                { "driver", 1 }, { "readOnly", 2, Flag }, { "fsType", 3 }, { "volumeAttributes", 4, TextMap }, { "nodePublishSecretRef", 5, LocalObjectReference },
            }
        },
        { "ephemeral", 29, new ProtobufMessage { { "volumeClaimTemplate", 1, new ProtobufMessage { { "metadata", 1, MetadataSchema.ObjectMeta }, { "spec", 2, ClaimSpec } } } } },
    };

    public static ProtobufMessage Volume { get; } = new() { { "name", 1 }, { 2, Source } };

    public static ProtobufMessage Claim { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        { "spec", 2, ClaimSpec },
        { "status", 3, new ProtobufMessage { { "phase", 1 }, { "accessModes", 2 }, { "capacity", 3, QuantityMap } } },
    };
}
