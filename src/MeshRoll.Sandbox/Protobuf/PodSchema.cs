using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of core/v1 about pods.</summary>
internal static class PodSchema
{
    private static readonly ProtobufMessage Named = new() { { "name", 1 } };

    private static readonly ProtobufMessage Security = new()
    {
        { "seLinuxOptions", 1, ContainerSchema.SeLinux },
        { "runAsUser", 2, Number },
        { "runAsNonRoot", 3, Flag },
        { "supplementalGroups", 4, Number },
        { "fsGroup", 5, Number },
        { "runAsGroup", 6, Number },
        { "sysctls", 7, new ProtobufMessage { { "name", 1 }, { "value", 2 } } },
        { "windowsOptions", 8, ContainerSchema.Windows },
        { "fsGroupChangePolicy", 9 },
        { "seccompProfile", 10, ContainerSchema.Profile },
        { "appArmorProfile", 11, ContainerSchema.Profile },
        { "supplementalGroupsPolicy", 12 },
    };

    private static readonly ProtobufMessage Spec = new()
    {
        { "volumes", 1, VolumeSchema.Volume },
        { "containers", 2, ContainerSchema.Container },
        { "restartPolicy", 3 },
        { "terminationGracePeriodSeconds", 4, Number },
        { "activeDeadlineSeconds", 5, Number },
        { "dnsPolicy", 6 },
        { "nodeSelector", 7, TextMap },
        { "serviceAccountName", 8 },
        { "serviceAccount", 9 },
        { "nodeName", 10 },
        { "hostNetwork", 11, Flag },
        { "hostPID", 12, Flag },
        { "hostIPC", 13, Flag },
        { "securityContext", 14, Security },
        { "imagePullSecrets", 15, Named },
        { "hostname", 16 },
        { "subdomain", 17 },
        { "affinity", 18, AffinitySchema.Affinity },
        { "schedulerName", 19 },
        { "initContainers", 20, ContainerSchema.Container },
        { "automountServiceAccountToken", 21, Flag },
        { "tolerations", 22, AffinitySchema.Toleration },
        { "hostAliases", 23, new ProtobufMessage { { "ip", 1 }, { "hostnames", 2 } } },
        { "priorityClassName", 24 },
        { "priority", 25, Number },
        { "dnsConfig", 26, new ProtobufMessage { { "nameservers", 1 }, { "searches", 2 }, { "options", 3, new ProtobufMessage { { "name", 1 }, { "value", 2 } } } } },
        { "shareProcessNamespace", 27, Flag },
        { "readinessGates", 28, new ProtobufMessage { { "conditionType", 1 } } },
        { "runtimeClassName", 29 },
        { "enableServiceLinks", 30, Flag },
        { "preemptionPolicy", 31 },
        { "overhead", 32, QuantityMap },
        { "topologySpreadConstraints", 33, AffinitySchema.Spread },
        { "ephemeralContainers", 34, new ProtobufMessage { { 1, ContainerSchema.Container }, { "targetContainerName", 2 } } },
        { "setHostnameAsFQDN", 35, Flag },
        { "os", 36, Named },
        { "hostUsers", 37, Flag },
        { "schedulingGates", 38, Named },
        { "resourceClaims", 39, new ProtobufMessage { { "name", 1 }, { "resourceClaimName", 3 }, { "resourceClaimTemplateName", 4 } } },
    };

    private static readonly ProtobufMessage State = new()
    {
        { "waiting", 1, new ProtobufMessage { { "reason", 1 }, { "message", 2 } } },
        { "running", 2, new ProtobufMessage { { "startedAt", 1, Moment } } },
        {
            "terminated", 3, new ProtobufMessage
            {
                { "exitCode", 1, Number }, { "signal", 2, Number }, { "reason", 3 }, { "message", 4 }, { "startedAt", 5, Moment }, { "finishedAt", 6, Moment }, { "containerID", 7 },
            }
        },
    };

    private static readonly ProtobufMessage ContainerStatus = new()
    {
        { "name", 1 },
        { "state", 2, State },
        { "lastState", 3, State },
        { "ready", 4, Flag },
        { "restartCount", 5, Number },
        { "image", 6 },
        { "imageID", 7 },
        { "containerID", 8 },
        { "started", 9, Flag },
        { "allocatedResources", 10, QuantityMap },
        { "resources", 11, ContainerSchema.Resources },
    };

    private static readonly ProtobufMessage Address = new() { { "ip", 1 } };

    private static readonly ProtobufMessage Status = new()
    {
        { "phase", 1 },
        {
            "conditions", 2, new ProtobufMessage
            {
                { "type", 1 }, { "status", 2 }, { "lastProbeTime", 3, Moment }, { "lastTransitionTime", 4, Moment }, { "reason", 5 }, { "message", 6 }, { "observedGeneration", 7, Number },
            }
        },
        { "message", 3 },
        { "reason", 4 },
        { "hostIP", 5 },
        { "podIP", 6 },
        { "startTime", 7, Moment },
        { "containerStatuses", 8, ContainerStatus },
        { "qosClass", 9 },
        { "initContainerStatuses", 10, ContainerStatus },
        { "nominatedNodeName", 11 },
        { "podIPs", 12, Address },
        { "ephemeralContainerStatuses", 13, ContainerStatus },
        { "resize", 14 },
        { "hostIPs", 16, Address },
        { "observedGeneration", 17, Number },
    };

    public static ProtobufMessage Pod { get; } = new() { { "metadata", 1, MetadataSchema.ObjectMeta }, { "spec", 2, Spec }, { "status", 3, Status } };

    public static ProtobufMessage Template { get; } = new() { { "metadata", 1, MetadataSchema.ObjectMeta }, { "spec", 2, Spec } };
}
