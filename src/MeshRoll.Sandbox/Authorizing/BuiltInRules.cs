namespace MeshRoll.Sandbox.Authorizing;

/// <summary>
/// What the built-in roles allow. As in a real cluster, with the kinds that the sandbox does not serve left out where whole rules are about them:
/// a right to nothing would only lengthen <c>kubectl auth can-i --list</c>.
/// </summary>
internal static class BuiltInRules
{
    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "delete", "deletecollection", "patch", "update"];
    private static readonly string[] All = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] PodConnections = ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy"];

    /// <summary>Everything.</summary>
    public static IReadOnlyList<PolicyRule> ClusterAdmin => PolicyRule.FullAuthority;

    /// <summary>To find out what there is.</summary>
    public static IReadOnlyList<PolicyRule> Discovery { get; } =
        [Urls("/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/")];

    /// <summary>To watch over the server itself.</summary>
    public static IReadOnlyList<PolicyRule> Monitoring { get; } =
        [Urls("/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/metrics/slis", "/readyz", "/readyz/*")];

    /// <summary>To find out about oneself.</summary>
    public static IReadOnlyList<PolicyRule> BasicUser { get; } =
    [
        Rule("authorization.k8s.io", ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "create"),
        Rule("authentication.k8s.io", ["selfsubjectreviews"], "create"),
    ];

    /// <summary>What everybody may know.</summary>
    public static IReadOnlyList<PolicyRule> PublicInfoViewer { get; } = [Urls("/healthz", "/livez", "/readyz", "/version", "/version/")];

    /// <summary>To ask on behalf of others what they may do.</summary>
    public static IReadOnlyList<PolicyRule> AuthDelegator { get; } =
    [
        Rule("authentication.k8s.io", ["tokenreviews"], "create"),
        Rule("authorization.k8s.io", ["subjectaccessreviews"], "create"),
    ];

    /// <summary>What <c>admin</c> has beyond <c>edit</c>: to hand out rights in a namespace.</summary>
    public static IReadOnlyList<PolicyRule> Admin { get; } =
    [
        Rule("authorization.k8s.io", ["localsubjectaccessreviews"], "create"),
        Rule("rbac.authorization.k8s.io", ["rolebindings", "roles"], All),
    ];

    /// <summary>What <c>edit</c> has beyond <c>view</c>: to change what runs in a namespace.</summary>
    public static IReadOnlyList<PolicyRule> Edit { get; } =
    [
        Rule("", [.. PodConnections, "secrets", "services/proxy"], Read),
        Rule("", ["serviceaccounts"], "impersonate"),
        Rule("", ["pods", .. PodConnections], Write),
        Rule("", ["pods/eviction"], "create"),
        Rule("", ["configmaps", "events", "persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale", "secrets", "serviceaccounts", "services", "services/proxy"], Write),
        Rule("", ["serviceaccounts/token"], "create"),
        Rule("apps", ["daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"], Write),
        Rule("autoscaling", ["horizontalpodautoscalers"], Write),
        Rule("batch", ["cronjobs", "jobs"], Write),
        Rule("policy", ["poddisruptionbudgets"], Write),
        Rule("coordination.k8s.io", ["leases"], All),
    ];

    /// <summary>To look at what is in a namespace, its secrets excepted.</summary>
    public static IReadOnlyList<PolicyRule> View { get; } =
    [
        Rule("", ["configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "services/status"], Read),
        Rule("", ["bindings", "events", "limitranges", "namespaces/status", "pods/log", "pods/status", "replicationcontrollers/status", "resourcequotas", "resourcequotas/status"], Read),
        Rule("", ["namespaces"], Read),
        Rule("apps", ["controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "statefulsets/scale", "statefulsets/status"], Read),
        Rule("autoscaling", ["horizontalpodautoscalers", "horizontalpodautoscalers/status"], Read),
        Rule("batch", ["cronjobs", "cronjobs/status", "jobs", "jobs/status"], Read),
        Rule("policy", ["poddisruptionbudgets", "poddisruptionbudgets/status"], Read),
    ];

    /// <summary>To change Argo rollouts.</summary>
    public static IReadOnlyList<PolicyRule> EditRollouts { get; } = [Rule("argoproj.io", ["rollouts", "rollouts/scale", "rollouts/status"], All)];

    /// <summary>To look at Argo rollouts.</summary>
    public static IReadOnlyList<PolicyRule> ViewRollouts { get; } = [Rule("argoproj.io", ["rollouts", "rollouts/scale", "rollouts/status"], Read)];

    private static PolicyRule Rule(string group, string[] resources, params string[] verbs) => new() { ApiGroups = [group], Resources = resources, Verbs = verbs };

    private static PolicyRule Urls(params string[] urls) => new() { NonResourceUrls = urls, Verbs = ["get"] };
}
