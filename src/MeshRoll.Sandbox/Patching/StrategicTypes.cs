using System.Diagnostics.CodeAnalysis;
using static MeshRoll.Sandbox.Patching.StrategicField;

namespace MeshRoll.Sandbox.Patching;

/// <summary>
/// The merge rules of the built-in kinds, from the tags <c>patchStrategy</c> and <c>patchMergeKey</c> of the API's types
/// (core/v1, apps/v1, batch/v1, policy/v1, autoscaling/v2, rbac.authorization.k8s.io/v1, admissionregistration.k8s.io/v1, meta/v1).
/// </summary>
internal static class StrategicTypes
{
    private static readonly StrategicType Metadata = new()
    {
        ["ownerReferences"] = MergedBy("uid"),
        ["finalizers"] = MergedValues,
    };

    private static readonly StrategicType Container = new()
    {
        ["ports"] = MergedBy("containerPort"),
        ["env"] = MergedBy("name"),
        ["volumeMounts"] = MergedBy("mountPath"),
        ["volumeDevices"] = MergedBy("devicePath"),
    };

    private static readonly StrategicType PodSpec = new()
    {
        ["volumes"] = MergedBy("name"),
        ["initContainers"] = MergedBy("name", Container),
        ["containers"] = MergedBy("name", Container),
        ["ephemeralContainers"] = MergedBy("name", Container),
        ["imagePullSecrets"] = MergedBy("name"),
        ["hostAliases"] = MergedBy("ip"),
        ["topologySpreadConstraints"] = MergedBy("topologyKey"),
        ["schedulingGates"] = MergedBy("name"),
        ["resourceClaims"] = MergedBy("name"),
    };

    private static readonly StrategicType Conditions = new() { ["conditions"] = MergedBy("type") };

    private static readonly StrategicType PodTemplate = new() { ["metadata"] = Of(Metadata), ["spec"] = Of(PodSpec) };

    private static readonly StrategicType Templated = new() { ["template"] = Of(PodTemplate) };

    private static readonly StrategicType Workload = Object(Templated, Conditions);

    private static readonly StrategicType Webhooks = new()
    {
        ["metadata"] = Of(Metadata),
        ["webhooks"] = MergedBy("name", new() { ["matchConditions"] = MergedBy("name") }),
    };

    private static readonly StrategicType Plain = Object(StrategicType.Plain, StrategicType.Plain);

    private static readonly Dictionary<string, StrategicType> ByKind = new(StringComparer.Ordinal)
    {
        ["Pod"] = Object(PodSpec, new()
        {
            ["conditions"] = MergedBy("type"),
            ["podIPs"] = MergedBy("ip"),
            ["hostIPs"] = MergedBy("ip"),
            ["resourceClaimStatuses"] = MergedBy("name"),
        }),
        ["Deployment"] = Workload,
        ["ReplicaSet"] = Workload,
        ["StatefulSet"] = Workload,
        ["DaemonSet"] = Workload,
        ["Job"] = Workload,
        ["CronJob"] = Object(new() { ["jobTemplate"] = Of(Object(Templated, StrategicType.Plain)) }, StrategicType.Plain),
        ["Service"] = Object(new() { ["ports"] = MergedBy("port") }, Conditions),
        ["ServiceAccount"] = new() { ["metadata"] = Of(Metadata), ["secrets"] = MergedBy("name") },
        ["Node"] = Object(new() { ["podCIDRs"] = MergedValues }, new() { ["conditions"] = MergedBy("type"), ["addresses"] = MergedBy("type") }),
        ["Namespace"] = Object(StrategicType.Plain, Conditions),
        ["HorizontalPodAutoscaler"] = Object(StrategicType.Plain, Conditions),
        ["PodDisruptionBudget"] = Object(new() { ["selector"] = Replaced }, Conditions),
        ["MutatingWebhookConfiguration"] = Webhooks,
        ["ValidatingWebhookConfiguration"] = Webhooks,
        ["ConfigMap"] = Plain,
        ["Secret"] = Plain,
        ["Endpoints"] = Plain,
        ["EndpointSlice"] = Plain,
        ["Event"] = Plain,
        ["ControllerRevision"] = Plain,
        ["Lease"] = Plain,
        ["ResourceQuota"] = Plain,
        ["Role"] = Plain,
        ["RoleBinding"] = Plain,
        ["ClusterRole"] = Plain,
        ["ClusterRoleBinding"] = Plain,
        ["Scale"] = Plain,
    };

    /// <summary>The rules of a built-in kind; none for custom resources, which know no strategic merge patch.</summary>
    public static bool TryGet(string kind, [NotNullWhen(true)] out StrategicType? type) => ByKind.TryGetValue(kind, out type);

    private static StrategicType Object(StrategicType spec, StrategicType status) =>
        new() { ["metadata"] = Of(Metadata), ["spec"] = Of(spec), ["status"] = Of(status) };
}
