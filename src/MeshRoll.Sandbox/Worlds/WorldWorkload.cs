namespace MeshRoll.Sandbox.Worlds;

/// <summary>The kinds of workload.</summary>
public enum WorldWorkloadKind
{
    /// <summary>apps/v1 Deployment.</summary>
    Deployment,

    /// <summary>apps/v1 StatefulSet.</summary>
    StatefulSet,

    /// <summary>apps/v1 DaemonSet.</summary>
    DaemonSet,

    /// <summary>batch/v1 Job.</summary>
    Job,

    /// <summary>apps/v1 ReplicaSet that no Deployment owns.</summary>
    ReplicaSet,

    /// <summary>A pod that nobody owns.</summary>
    Pod,

    /// <summary>Argo's argoproj.io/v1alpha1 Rollout.</summary>
    Rollout,
}

/// <summary>Something that runs pods: what a user would write in a manifest, in a few words, and how its pods behave.</summary>
public sealed record WorldWorkload
{
    /// <summary>How long workloads have been running that do not say.</summary>
    public static TimeSpan DefaultAge { get; } = TimeSpan.FromDays(3);

    /// <summary>The port of a Service that says none.</summary>
    public const int DefaultServicePort = 80;

    /// <summary>As <see cref="Sidecar"/>: the running pods have none, though new ones may get one.</summary>
    public const string NoSidecar = "none";

    /// <summary>What it is.</summary>
    public WorldWorkloadKind Kind { get; init; }

    /// <summary>Its name; also the label <c>app</c> of its pods.</summary>
    public required string Name { get; init; }

    /// <summary>How many pods; a Job's are its completions. A DaemonSet has one per node, a pod is one.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The image of the container <c>app</c>; null for <c>registry.example/&lt;namespace&gt;/&lt;name&gt;:1</c>.</summary>
    public string? Image { get; init; }

    /// <summary>The image of an init container <c>setup</c>; null for none.</summary>
    public string? InitImage { get; init; }

    /// <summary>
    /// The revision that injected its running pods: a revision's name, a tag, an earlier version of a revision, or <c>none</c> for pods from before
    /// there was a mesh. Null for what the namespace gives today.
    /// </summary>
    public string? Sidecar { get; init; }

    /// <summary>When a pod is asked whether it is ready; null for no readiness probe.</summary>
    public WorldProbe? ReadinessProbe { get; init; } = new();

    /// <summary>From a container's start until it answers that it is ready; null for the world's <see cref="WorldStartup.Ready"/>.</summary>
    public TimeSpan? ReadyAfter { get; init; }

    /// <summary>From the request to stop until a container has stopped; null for the world's <see cref="WorldStartup.Stop"/>.</summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary>A Job's pods end with success so long after their start; null when they run on.</summary>
    public TimeSpan? CompleteAfter { get; init; }

    /// <summary>RollingUpdate, Recreate (Deployments) or OnDelete (StatefulSets, DaemonSets); null for the kind's default, RollingUpdate.</summary>
    public string? Strategy { get; init; }

    /// <summary>How many pods there may be too many during a rollout, as a number or percentage; null for the kind's default.</summary>
    public string? MaxSurge { get; init; }

    /// <summary>How many pods may be missing during a rollout, as a number or percentage; null for the kind's default.</summary>
    public string? MaxUnavailable { get; init; }

    /// <summary>A StatefulSet's partition: pods with lower ordinals stay as they are.</summary>
    public int? Partition { get; init; }

    /// <summary>A StatefulSet's OrderedReady or Parallel; null for the default, OrderedReady.</summary>
    public string? PodManagementPolicy { get; init; }

    /// <summary>How long a new pod must be ready to count as available.</summary>
    public TimeSpan? MinReadySeconds { get; init; }

    /// <summary>After how long without progress a Deployment is said to be stuck; null for the default, ten minutes.</summary>
    public TimeSpan? ProgressDeadline { get; init; }

    /// <summary>How many old revisions are kept; null for the default, ten.</summary>
    public int? RevisionHistoryLimit { get; init; }

    /// <summary>Whether a Deployment or Rollout is paused, once it is up.</summary>
    public bool Paused { get; init; }

    /// <summary>How long a pod may take to end; null for the default, thirty seconds.</summary>
    public TimeSpan? TerminationGracePeriod { get; init; }

    /// <summary>For how long the container <c>app</c> sleeps before it is told to stop; null for no hook.</summary>
    public TimeSpan? PreStop { get; init; }

    /// <summary>A disruption budget for its pods; null for none.</summary>
    public WorldDisruptionBudget? DisruptionBudget { get; init; }

    /// <summary>An autoscaler on it; null for none.</summary>
    public WorldAutoscaler? Autoscaler { get; init; }

    /// <summary>The port of a Service in front of its pods; null for no Service.</summary>
    public int? Service { get; init; }

    /// <summary>Labels of the workload itself.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations of the workload itself.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Further labels of its pods.</summary>
    public IReadOnlyDictionary<string, string> PodLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations of its pods.</summary>
    public IReadOnlyDictionary<string, string> PodAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether its pods are in their node's network, and so never get a sidecar.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Whether its pods themselves ask for a sidecar or refuse one; null when they say nothing.</summary>
    public bool? Inject { get; init; }

    /// <summary>The processor time its container asks for, as a Kubernetes quantity.</summary>
    public string Cpu { get; init; } = "50m";

    /// <summary>The memory its container asks for, as a Kubernetes quantity.</summary>
    public string Memory { get; init; } = "64Mi";

    /// <summary>For how long it has been running.</summary>
    public TimeSpan Age { get; init; } = DefaultAge;
}
