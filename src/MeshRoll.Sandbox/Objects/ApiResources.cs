using MeshRoll.Sandbox.Kinds;

namespace MeshRoll.Sandbox.Objects;

/// <summary>Everything the sandbox serves.</summary>
internal static class ApiResources
{
    /// <summary>The API group of roles and bindings.</summary>
    public const string RbacGroup = "rbac.authorization.k8s.io";

    private static readonly string[] All_ = ["all"];

    public static ApiResource Namespaces { get; } = new() { Group = "", Version = "v1", Plural = "namespaces", Kind = "Namespace", Namespaced = false, ShortNames = ["ns"], HasStatus = true, Default = NamespaceKind.Default, Validate = NamespaceKind.Validate };

    public static ApiResource Pods { get; } = new() { Group = "", Version = "v1", Plural = "pods", Kind = "Pod", ShortNames = ["po"], Categories = All_, HasStatus = true, Default = PodKind.Default, Validate = PodKind.Validate };

    public static ApiResource Services { get; } = new() { Group = "", Version = "v1", Plural = "services", Kind = "Service", ShortNames = ["svc"], Categories = All_, HasStatus = true, Default = ServiceKind.Default, Validate = ServiceKind.Validate };

    public static ApiResource Endpoints { get; } = new() { Group = "", Version = "v1", Plural = "endpoints", Kind = "Endpoints", ShortNames = ["ep"], Default = EndpointsKind.Default };

    public static ApiResource ConfigMaps { get; } = new() { Group = "", Version = "v1", Plural = "configmaps", Kind = "ConfigMap", ShortNames = ["cm"], Validate = ConfigKinds.ValidateConfigMap };

    public static ApiResource Secrets { get; } = new() { Group = "", Version = "v1", Plural = "secrets", Kind = "Secret", Default = ConfigKinds.DefaultSecret, Validate = ConfigKinds.ValidateSecret };

    public static ApiResource ServiceAccounts { get; } = new() { Group = "", Version = "v1", Plural = "serviceaccounts", Kind = "ServiceAccount", ShortNames = ["sa"] };

    public static ApiResource Events { get; } = new() { Group = "", Version = "v1", Plural = "events", Kind = "Event", ShortNames = ["ev"] };

    public static ApiResource Nodes { get; } = new() { Group = "", Version = "v1", Plural = "nodes", Kind = "Node", Namespaced = false, ShortNames = ["no"], HasStatus = true };

    public static ApiResource ResourceQuotas { get; } = new() { Group = "", Version = "v1", Plural = "resourcequotas", Kind = "ResourceQuota", ShortNames = ["quota"], HasStatus = true };

    public static ApiResource Deployments { get; } = new() { Group = "apps", Version = "v1", Plural = "deployments", Kind = "Deployment", ShortNames = ["deploy"], Categories = All_, HasStatus = true, HasScale = true, HasGeneration = true, Default = DeploymentKind.Default, Validate = DeploymentKind.Validate };

    public static ApiResource ReplicaSets { get; } = new() { Group = "apps", Version = "v1", Plural = "replicasets", Kind = "ReplicaSet", ShortNames = ["rs"], Categories = All_, HasStatus = true, HasScale = true, HasGeneration = true, Default = ReplicaSetKind.Default, Validate = ReplicaSetKind.Validate };

    public static ApiResource StatefulSets { get; } = new() { Group = "apps", Version = "v1", Plural = "statefulsets", Kind = "StatefulSet", ShortNames = ["sts"], Categories = All_, HasStatus = true, HasScale = true, HasGeneration = true, Default = StatefulSetKind.Default, Validate = StatefulSetKind.Validate };

    public static ApiResource DaemonSets { get; } = new() { Group = "apps", Version = "v1", Plural = "daemonsets", Kind = "DaemonSet", ShortNames = ["ds"], Categories = All_, HasStatus = true, HasGeneration = true, Default = DaemonSetKind.Default, Validate = DaemonSetKind.Validate };

    public static ApiResource ControllerRevisions { get; } = new() { Group = "apps", Version = "v1", Plural = "controllerrevisions", Kind = "ControllerRevision" };

    public static ApiResource Jobs { get; } = new() { Group = "batch", Version = "v1", Plural = "jobs", Kind = "Job", Categories = All_, HasStatus = true, HasGeneration = true, Default = JobKind.Default, Validate = JobKind.Validate };

    public static ApiResource HorizontalPodAutoscalers { get; } = new() { Group = "autoscaling", Version = "v2", OtherVersions = ["v1"], Plural = "horizontalpodautoscalers", Kind = "HorizontalPodAutoscaler", ShortNames = ["hpa"], Categories = All_, HasStatus = true, Default = AutoscalerKind.Default, Validate = AutoscalerKind.Validate };

    public static ApiResource PodDisruptionBudgets { get; } = new() { Group = "policy", Version = "v1", OtherVersions = ["v1beta1"], Plural = "poddisruptionbudgets", Kind = "PodDisruptionBudget", ShortNames = ["pdb"], HasStatus = true, HasGeneration = true, Validate = DisruptionBudgetKind.Validate };

    public static ApiResource Leases { get; } = new() { Group = "coordination.k8s.io", Version = "v1", Plural = "leases", Kind = "Lease" };

    public static ApiResource MutatingWebhookConfigurations { get; } = new() { Group = "admissionregistration.k8s.io", Version = "v1", Plural = "mutatingwebhookconfigurations", Kind = "MutatingWebhookConfiguration", Namespaced = false, Categories = ["api-extensions"], HasGeneration = true, Default = WebhookKinds.DefaultMutating, Validate = WebhookKinds.ValidateMutating };

    public static ApiResource ValidatingWebhookConfigurations { get; } = new() { Group = "admissionregistration.k8s.io", Version = "v1", Plural = "validatingwebhookconfigurations", Kind = "ValidatingWebhookConfiguration", Namespaced = false, Categories = ["api-extensions"], HasGeneration = true, Default = WebhookKinds.DefaultValidating, Validate = WebhookKinds.ValidateValidating };

    public static ApiResource ClusterRoles { get; } = new() { Group = RbacGroup, Version = "v1", Plural = "clusterroles", Kind = "ClusterRole", Namespaced = false, HasPathNames = true, Default = RbacObjects.DefaultRole, Validate = RbacObjects.ValidateClusterRole };

    public static ApiResource ClusterRoleBindings { get; } = new() { Group = RbacGroup, Version = "v1", Plural = "clusterrolebindings", Kind = "ClusterRoleBinding", Namespaced = false, HasPathNames = true, Default = RbacObjects.DefaultBinding, Validate = RbacObjects.ValidateClusterRoleBinding };

    public static ApiResource Roles { get; } = new() { Group = RbacGroup, Version = "v1", Plural = "roles", Kind = "Role", HasPathNames = true, Default = RbacObjects.DefaultRole, Validate = RbacObjects.ValidateRole };

    public static ApiResource RoleBindings { get; } = new() { Group = RbacGroup, Version = "v1", Plural = "rolebindings", Kind = "RoleBinding", HasPathNames = true, Default = RbacObjects.DefaultBinding, Validate = RbacObjects.ValidateRoleBinding };

    public static ApiResource ArgoRollouts { get; } = new() { Group = "argoproj.io", Version = "v1alpha1", Plural = "rollouts", Kind = "Rollout", ShortNames = ["ro"], HasStatus = true, HasScale = true, HasGeneration = true };

    /// <summary>All of them, in the order in which discovery names them.</summary>
    public static IReadOnlyList<ApiResource> All { get; } =
    [
        ConfigMaps, Endpoints, Events, Namespaces, Nodes, Pods, ResourceQuotas, Secrets, ServiceAccounts, Services,
        MutatingWebhookConfigurations, ValidatingWebhookConfigurations,
        ControllerRevisions, DaemonSets, Deployments, ReplicaSets, StatefulSets,
        ArgoRollouts, HorizontalPodAutoscalers, Jobs, Leases, PodDisruptionBudgets,
        ClusterRoleBindings, ClusterRoles, RoleBindings, Roles,
    ];

    /// <summary>The resource of a path, or null where there is none. The version may be any under which it is served.</summary>
    public static ApiResource? Find(string group, string version, string plural) =>
        All.FirstOrDefault(resource => resource.Plural == plural && resource.Group == group && (resource.Version == version || resource.OtherVersions.Contains(version)));

    /// <summary>The resource of a kind, or null where there is none.</summary>
    public static ApiResource? OfKind(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        return All.FirstOrDefault(resource => resource.Kind == kind && resource.Group == group && (resource.Version == version || resource.OtherVersions.Contains(version)));
    }
}
