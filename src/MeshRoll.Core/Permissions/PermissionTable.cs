using static MeshRoll.Core.Permissions.PermissionFeatures;
using static MeshRoll.Core.Permissions.PermissionScope;

namespace MeshRoll.Core.Permissions;

/// <summary>
/// Which rights each command needs: the one place that knows. The tests run every command as a user with exactly these rights, and compare what it
/// asked of the server with them.
/// </summary>
/// <remarks>
/// Discovery (<c>/api</c>, <c>/apis</c>) is left out: every user who is logged in may read it (ClusterRole system:discovery).
/// </remarks>
internal static class PermissionTable
{
    private const string Webhooks = "mutatingwebhookconfigurations.admissionregistration.k8s.io";
    private const string Validators = "validatingwebhookconfigurations.admissionregistration.k8s.io";
    private const string Leases = "leases.coordination.k8s.io";
    private const string Labels = "read the labels of namespaces, which decide what is injected";
    private const string FindWorkloads = "find the workloads";
    private const string FindPods = "find the pods";

    /// <summary>What a new pod would get. What of it may not be read makes judgements unknown, never wrong.</summary>
    private static readonly PermissionNeed[] s_mesh =
    [
        Need("list", Webhooks, Cluster, "tell which revision, tag or mesh injects; without it tags are taken for revisions"),
        Need("list get", "configmaps", Istio, "read which proxy Istio injects; without it the desired version is unknown"),
        Need("get", "configmaps", Linkerd, "read which proxy Linkerd injects; without it the desired version is unknown") with { Names = ["linkerd-config"] },
        Need("list", "deployments.apps", Consul, "read which proxy Consul injects; without it the desired version is unknown"),
    ];

    /// <summary>The labels of the namespaces that are read once: by name, or all at once.</summary>
    private static readonly PermissionNeed[] s_labels =
    [
        Need("get", "namespaces", InNamespace, Labels) with { Choice = NamespaceChoice.Named },
        Need("list", "namespaces", Cluster, Labels) with { Choice = NamespaceChoice.Searched },
    ];

    /// <summary>The same for what follows workloads: it asks for the namespaces it met by name.</summary>
    private static readonly PermissionNeed[] s_followedLabels =
    [
        Need("get", "namespaces", InNamespace, Labels),
        Need("list", "namespaces", Cluster, "find the namespaces that fit") with { Choice = NamespaceChoice.Searched },
    ];

    private static readonly PermissionNeed s_owners = Need("get", "replicasets.apps", InNamespace, "tell whose the pods of a ReplicaSet without Deployment are");

    /// <summary>What is asked where a pod does not come up and does not say why by itself.</summary>
    private static readonly PermissionNeed[] s_reasons =
    [
        Need("list", "events", InNamespace, "tell why pods cannot be made, scheduled or mounted"),
        Need("list", "pods", Istio, "tell whether a control plane that does not answer is ready"),
    ];

    /// <summary>What tells whom Istio's injectors ask, and whether that works.</summary>
    private static readonly PermissionNeed[] s_injectors =
    [
        Need("list", Validators, Cluster, "see which revision validates for the default"),
        Need("list", "deployments.apps", Istio, "see the control planes, and whether they are ready"),
        Need("list get", "services", Istio, "see whom the injectors ask"),
        Need("get", "endpoints", Istio, "see whether somebody answers there"),
    ];

    /// <summary>What is looked at before an injector is changed, and told of it.</summary>
    private static readonly PermissionNeed[] s_survey =
    [
        Need("list", Webhooks, Cluster, "read the injectors"),
        .. s_injectors,
        Need("list", "namespaces", Cluster, "see which namespaces they match"),
    ];

    private static readonly PermissionNeed s_identity = Need("get", "namespaces", Cluster, "tell this cluster from others in backup files") with { Names = ["kube-system"] };

    private static readonly PermissionNeed[] s_trial =
    [
        .. Only(Trial,
        [
            Need("create", "pods", Istio, "try with a dry run that the target injects; nothing is created"),
            Need("create", "pods", InNamespace, "try with a dry run what a new pod gets afterwards; nothing is created"),
        ]),
    ];

    /// <summary>
    /// What it takes to ask istiods about their proxies. WebSockets are opened with GET; servers from 1.35 on want the right to create as well
    /// (AuthorizePodWebsocketUpgradeCreatePermission).
    /// </summary>
    private static readonly PermissionNeed[] s_istiodAnswers =
    [
        Need("list", "pods", Istio, "find the pods of istiod"),
        Need("get create", "pods/portforward", Istio, "ask each istiod for its proxies; without it nobody knows which are connected"),
    ];

    /// <summary>What surrounds workloads in the preflight.</summary>
    private static readonly PermissionNeed[] s_readinessLists =
    [
        Need("list", "services", InNamespace, "see who depends on the pods"),
        Need("list", "endpoints", InNamespace, "see whether services reach anybody"),
        Need("list", "poddisruptionbudgets.policy", InNamespace, "see whether budgets let pods go"),
        Need("list", "horizontalpodautoscalers.autoscaling", InNamespace, "see whether an autoscaler has a reserve"),
        Need("list", "resourcequotas", InNamespace, "see whether a quota leaves room for one more pod"),
        Need("list", "nodes", Cluster, "see whether nodes have the images still"),
    ];

    private static readonly PermissionNeed s_readinessSecrets =
        Need("list", "secrets", InNamespace, "see whether image pull secrets exist; their names alone are asked for, and yet the right would show more") with { Features = [Secrets] };

    private static readonly PermissionNeed[] s_readinessRoutes =
    [
        .. Only(Routes, [Need("list", "virtualservices.networking.istio.io", InNamespace, "see whether routes try again elsewhere"), Need("list", "destinationrules.networking.istio.io", InNamespace, "see whether pods that fail are left out")]),
    ];

    /// <summary>How the four verbs of kubectl rollout find workloads that are not named in full.</summary>
    private static readonly PermissionNeed[] s_search =
    [
        .. Only(Search, [.. s_labels, .. s_mesh, .. OnWorkloads("list", FindWorkloads), Need("list", "pods", InNamespace, FindPods), s_owners]),
    ];

    /// <summary>The rows of each command; none for those that ask nothing of a cluster.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PermissionNeed>> Rows { get; } = new SortedDictionary<string, IReadOnlyList<PermissionNeed>>(StringComparer.OrdinalIgnoreCase)
    {
        ["Connect-MeshCluster"] = [Need("get", "/version", Cluster, "see that the cluster answers")],
        ["Disconnect-MeshCluster"] = [],
        ["Get-MeshCluster"] = [],
        ["Get-MeshSandbox"] = [],
        ["Get-MeshSandboxRequest"] = [],
        ["Get-MeshSandboxTimeline"] = [],
        ["New-MeshSandbox"] = [],
        ["Remove-MeshSandbox"] = [],
        ["Reset-MeshSandbox"] = [],
        ["Set-MeshSandboxFault"] = [],

        ["Get-MeshSidecarVersion"] =
        [
            .. s_labels, .. s_mesh, s_owners,
            Need("list", "pods", InNamespace, FindPods),
            .. Only(Search, OnWorkloads("list", "tell a workload without pods (-Name) from a wrong name")),
        ],
        ["Get-MeshWorkload"] =
        [
            .. s_labels, .. s_mesh, s_owners,
            Need("list", "pods", InNamespace, FindPods),
            .. OnWorkloads("list", FindWorkloads),
        ],

        ["Start-MeshRolloutRestart"] = Restart,
        ["Wait-MeshRollout"] =
        [
            .. s_followedLabels, .. s_mesh, s_owners,
            .. OnWorkloads("list watch", "follow the workloads"),
            Need("list watch", "pods", InNamespace, "follow the pods, and see that they carry the sidecar that was wanted"),
            .. Only(Diagnosis, s_reasons),
        ],
        ["Get-MeshRollout"] =
        [
            .. s_labels, .. s_mesh, s_owners,
            .. OnWorkloads("get list watch", FindWorkloads),
            Need("list watch", "pods", InNamespace, FindPods),
        ],
        ["Get-MeshRolloutDiagnosis"] =
        [
            .. s_followedLabels, .. s_mesh, .. s_reasons,
            .. OnWorkloads("list", FindWorkloads),
            Need("list", "pods", InNamespace, FindPods),
            .. Only(IncludeLog, [Need("get", "pods/log", InNamespace, "read the last words of a container that fails")]),
        ],
        ["Get-MeshRolloutHistory"] =
        [
            .. OnWorkloads("get", "read their templates"), .. Revisions(),
            Need("list", "pods", InNamespace, "count the pods of each revision"),
            .. s_search,
        ],
        // An Argo Rollout is undone by its own tool.
        ["Undo-MeshRollout"] = [.. OnWorkloads("get patch", "bring an earlier template back").Where(need => need.Group == "apps"), .. Revisions(), .. s_search],
        ["Set-MeshWorkloadImage"] = [.. OnWorkloads("get patch", "set images in the template"), .. s_search],
        ["Suspend-MeshRollout"] = [Need("get patch", "deployments.apps", InNamespace, "pause them"), .. s_search],
        ["Resume-MeshRollout"] = [Need("get patch", "deployments.apps", InNamespace, "let them go on"), .. s_search],
        ["Repair-MeshWorkload"] =
        [
            .. s_labels,
            .. OnWorkloads("get list patch", "find the marks of killed runs, and take them back"),
            Need("get list patch", "replicasets.apps", InNamespace, "find and take back the marks on ReplicaSets without Deployment"),
        ],

        ["Get-MeshControlPlane"] =
        [
            .. s_mesh, .. s_injectors,
            Need("list", "namespaces", Cluster, "tell which namespaces select which revision"),
            Need("list", "pods", Cluster, "count the pods on each revision"),
            Need("get", "replicasets.apps", Cluster, "tell whose the pods of a ReplicaSet without Deployment are"),
            .. Only(IncludeConnected, s_istiodAnswers),
        ],
        ["Get-MeshNamespace"] =
        [
            .. s_labels, .. s_mesh,
            Need("list", "deployments.apps", Istio, "tell which revisions have a control plane"),
            Need("list", "pods", InNamespace, "count pods by version"),
        ],
        ["Get-MeshMigration"] = Migration,
        ["Wait-MeshMigration"] = Migration,

        ["Get-MeshInjector"] = s_survey,
        ["Backup-MeshInjector"] = [.. s_survey, s_identity],
        ["Switch-MeshInjector"] =
        [
            .. s_survey, s_identity, .. s_trial,
            Need("patch", Webhooks, Cluster, "point webhooks at another revision"),
            .. Only(Namespaces, [Need("patch", "namespaces", InNamespace, "label them with another revision (-Namespace)")]),
        ],
        ["Restore-MeshInjector"] =
        [
            .. s_survey, s_identity, .. s_trial,
            Need("create patch", Webhooks, Cluster, "bring the webhooks of the file back"),
            .. Only(DefaultTag, [Need("create patch", Validators, Cluster, "bring the default validator back, where the file has it")]),
            .. Only(Namespaces, [Need("patch", "namespaces", InNamespace, "bring labels of namespaces back, where the file has them")]),
        ],
        ["Set-MeshRevisionTag"] =
        [
            .. s_survey, s_identity,
            Need("create patch", Webhooks, Cluster, "make and move tags"),
            .. Only(Trial, [Need("create", "pods", Istio, "try with a dry run that the target injects; nothing is created")]),
            .. Only(DefaultTag, [Need("patch", Validators, Cluster, "point the default validator at the tag's revision")]),
        ],
        ["Remove-MeshRevisionTag"] =
        [
            .. s_survey, s_identity, .. s_trial,
            Need("delete", Webhooks, Cluster, "remove the tag"),
            .. Only(DefaultTag, [Need("patch", Webhooks, Cluster, "let the revision without a name be the default again"), Need("patch", Validators, Cluster, "point the default validator at it")]),
        ],
        ["Set-MeshNamespaceRevision"] =
        [
            .. s_survey, s_identity, .. s_trial,
            Need("patch", "namespaces", InNamespace, "label them"),
        ],
        ["Get-MeshProxyStatus"] =
        [
            .. s_labels, s_owners, .. s_istiodAnswers,
            Need("list", "pods", InNamespace, FindPods),
            .. Only(Revision, [Need("list", Webhooks, Cluster, "tell tags from revisions (-Revision)")]),
        ],
        ["Get-MeshRevisionUsage"] = Usage,
        ["Test-MeshRevisionRemoval"] = Usage,

        ["New-MeshRolloutPlan"] =
        [
            .. s_labels, .. s_mesh, s_owners,
            .. OnWorkloads("get list", FindWorkloads),
            Need("list", "pods", InNamespace, FindPods),
            Need("list", "replicasets.apps", InNamespace, "know from past rollouts how long they take; without it estimates go by settings alone"),
            .. PlanReadiness,
        ],
        ["Get-MeshRolloutPlan"] = [.. Only(Compare, PlanOfToday), .. PlanReadiness],
        ["Test-MeshRolloutPlan"] = [.. PlanOfToday, .. PlanReadiness],
        ["Export-MeshRolloutReport"] = [],
        ["Start-MeshRolloutPlan"] = PlanRun,
        ["Resume-MeshRolloutRun"] = PlanRun,
        ["Stop-MeshRolloutRun"] = RunRequest,
        ["Suspend-MeshRolloutRun"] = RunRequest,
        ["Get-MeshRolloutRun"] = [],
        ["Wait-MeshRolloutRun"] = [],

        ["Get-MeshRolloutReadiness"] = Readiness,
        ["Test-MeshRolloutReadiness"] = Readiness,
        ["Repair-MeshRolloutReadiness"] =
        [
            .. OnWorkloads("get patch", "mend them"),
            Need("get patch", "poddisruptionbudgets.policy", InNamespace, "let budgets give pods free"),
            Need("get patch", "horizontalpodautoscalers.autoscaling", InNamespace, "give autoscalers a reserve"),
        ],

        ["Get-MeshPermission"] = Reviews,
        ["Test-MeshPermission"] = Reviews,
    };

    /// <summary>Every feature that has rights of its own, by name.</summary>
    public static IReadOnlyList<string> Features { get; } = [.. Rows.Values.SelectMany(needs => needs).SelectMany(need => need.Features).Distinct().Order(StringComparer.Ordinal)];

    private static PermissionNeed[] Restart =>
    [
        .. s_followedLabels, .. s_mesh,
        .. OnWorkloads("list watch", "see each workload as it is at its turn, and follow it"),
        .. OnWorkloads("patch", "restart them, and mark those that are being worked on"),
        Need("list watch", "pods", InNamespace, "see what is outdated, and follow the new pods"),
        .. Only(Search, [s_owners]),
        .. Only([Surge, Evict, Auto], [.. OnWorkloads("get", "take marks and counts of pods as they are at the moment"), Need("create", "pods/eviction", InNamespace, "take old pods away as disruption budgets allow")]),
        .. Only([Surge, Auto], [Need("list", "horizontalpodautoscalers.autoscaling", InNamespace, "leave to Rolling what an autoscaler counts")]),
        .. Only(ReplicaSets, [Need("get list watch patch", "replicasets.apps", InNamespace, "replace the pods of a ReplicaSet without Deployment (-Strategy Evict)")]),
        .. Only(Nodes, [Need("list watch", "nodes", Cluster, "hold while the cluster loses nodes; without it a warning says that they are not looked at")]),
        .. Only(Diagnosis, [.. s_reasons, Need("get", "replicasets.apps", InNamespace, "tell the newest pods apart after an undo")]),
    ];

    // What a plan restarts is as by hand; its run holds a Lease in the plan's leaseNamespace, mostly one of those it works on.
    private static PermissionNeed[] PlanRun =>
    [
        .. Restart,
        .. OnWorkloads("get list", "see what the plan has restarted already, and whether somebody else is at work on them"),
        Need("get create patch delete", Leases, InNamespace, "let no other machine carry out the same plan"),
    ];

    private static PermissionNeed[] RunRequest => [Need("get patch", Leases, InNamespace, "tell the machine that carries the plan out")];

    // Of all namespaces: one that is forgotten would lose its injector.
    private static PermissionNeed[] Usage =>
    [
        .. s_survey, .. s_mesh, .. s_istiodAnswers,
        .. OnWorkloads("list", "name what still runs on it").Select(need => need with { Scope = Cluster }),
        Need("list", "pods", Cluster, "count the pods on it"),
        s_owners with { Scope = Cluster },
    ];

    private static PermissionNeed[] Migration =>
    [
        .. s_labels, .. s_mesh, s_owners,
        .. OnWorkloads("list", FindWorkloads),
        Need("list", "pods", InNamespace, "count what has moved"),
    ];

    // The namespaces are those in the plan, by name.
    private static PermissionNeed[] PlanOfToday =>
    [
        Need("get", "namespaces", InNamespace, Labels), .. s_mesh, s_owners,
        .. OnWorkloads("get list", "compare the plan's workloads with those of today"),
        Need("list", "pods", InNamespace, FindPods),
    ];

    // What of the preflight may not be read is told in the plan, and nothing fails: each right is asked for by who wants it.
    private static IEnumerable<PermissionNeed> PlanReadiness =>
    [
        .. Only(PermissionFeatures.Readiness, [.. s_readinessLists, Need("get", "namespaces", InNamespace, Labels), Need("list", "namespaces", Cluster, "tell whether one list of the cluster is cheaper than many of namespaces")]),
        s_readinessSecrets, .. s_readinessRoutes,
    ];

    // Each right serves rules: without it they are not checked, and that is told.
    private static PermissionNeed[] Readiness =>
    [
        .. s_labels, .. s_mesh,
        .. OnWorkloads("list", FindWorkloads),
        Need("list", "pods", InNamespace, "see what is ready, and how long starts take"),
        .. s_readinessLists, s_readinessSecrets, .. s_readinessRoutes,
        .. Only(NodeRoom, [Need("list", "pods", Cluster, "see whether a node has room for one more pod (-IncludeNodeRoom)")]),
    ];

    private static PermissionNeed[] Reviews =>
    [
        Need("create", "selfsubjectaccessreviews.authorization.k8s.io", Cluster, "ask about rights: every user who is logged in may (ClusterRole system:basic-user)"),
        Need("list", Webhooks, Cluster, "find the mesh's own namespaces; without it the usual ones are taken"),
        Need("get", "namespaces", InNamespace, "notice a namespace that does not exist") with { Choice = NamespaceChoice.Named },
        Need("list", "namespaces", Cluster, "find the namespaces that fit") with { Choice = NamespaceChoice.Searched },
    ];

    private static PermissionNeed[] Revisions() =>
    [
        Need("list", "replicasets.apps", InNamespace, "read the revisions of Deployments and Rollouts"),
        Need("list", "controllerrevisions.apps", InNamespace, "read the revisions of StatefulSets and DaemonSets"),
    ];

    private static PermissionNeed[] OnWorkloads(string verbs, string purpose) =>
    [
        Need(verbs, "deployments.apps", InNamespace, purpose),
        Need(verbs, "statefulsets.apps", InNamespace, purpose),
        Need(verbs, "daemonsets.apps", InNamespace, purpose),
        Need(verbs, "rollouts.argoproj.io", InNamespace, purpose),
    ];

    private static IEnumerable<PermissionNeed> Only(string feature, IEnumerable<PermissionNeed> needs) => Only([feature], needs);

    private static IEnumerable<PermissionNeed> Only(string[] features, IEnumerable<PermissionNeed> needs) => needs.Select(need => need with { Features = features });

    // Resources as kubectl users write them: plural.group, plural/subresource, or a path.
    private static PermissionNeed Need(string verbs, string resource, PermissionScope scope, string purpose)
    {
        var dot = resource.StartsWith('/') ? -1 : resource.IndexOf('.', StringComparison.Ordinal);
        return new()
        {
            Verbs = verbs.Split(' '),
            Resource = dot < 0 ? resource : resource[..dot],
            Group = dot < 0 ? "" : resource[(dot + 1)..],
            Scope = scope,
            For = purpose,
        };
    }
}
