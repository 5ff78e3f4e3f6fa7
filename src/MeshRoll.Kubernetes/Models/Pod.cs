namespace MeshRoll.Kubernetes.Models;

/// <summary>A pod (core/v1), as far as MeshRoll reads it.</summary>
public sealed record Pod : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What was asked for.</summary>
    public PodSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What the kubelet reports.</summary>
    public PodStatus Status { get; init => field = value ?? new(); } = new();
}

/// <summary>The desired state of a pod, or of the pods a template makes.</summary>
public sealed record PodSpec
{
    /// <summary>Containers that run before the others; those with <see cref="Container.RestartPolicy"/> Always stay (native sidecars).</summary>
    public IReadOnlyList<Container> InitContainers { get; init => field = value ?? []; } = [];

    /// <summary>The containers of the pod.</summary>
    public IReadOnlyList<Container> Containers { get; init => field = value ?? []; } = [];

    /// <summary>The node it runs on; empty while unscheduled.</summary>
    public string NodeName { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the pod uses the node's network: then no mesh injects.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Seconds between SIGTERM and SIGKILL; the server's default is 30.</summary>
    public long? TerminationGracePeriodSeconds { get; init; }
}

/// <summary>One container of a pod.</summary>
public sealed record Container
{
    /// <summary>Name, unique in the pod.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Image reference as written: registry, repository, tag or digest.</summary>
    public string Image { get; init => field = value ?? ""; } = "";

    /// <summary>The program to run, as far as it is written down. Read for workloads' templates only: Consul's injector tells its settings nowhere else.</summary>
    public IReadOnlyList<string> Command { get; init => field = value ?? []; } = [];

    /// <summary>Its arguments, likewise.</summary>
    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    /// <summary><c>Always</c> on an init container makes it a native sidecar; otherwise null.</summary>
    public string? RestartPolicy { get; init; }

    /// <summary>Decides when the pod counts as ready; null when there is none.</summary>
    public Probe? ReadinessProbe { get; init; }

    /// <summary>Decides when the container counts as started, before which no other probe is made; null when there is none. Read for workloads' templates only.</summary>
    public Probe? StartupProbe { get; init; }
}

/// <summary>Timing of a probe. Seconds and counts as the API server filled them in.</summary>
public sealed record Probe
{
    /// <summary>Wait before the first probe.</summary>
    public int InitialDelaySeconds { get; init; }

    /// <summary>Time between probes; the server's default is 10.</summary>
    public int PeriodSeconds { get; init; }

    /// <summary>Successes needed in a row; the server's default is 1.</summary>
    public int SuccessThreshold { get; init; }

    /// <summary>Failures allowed in a row; the server's default is 3.</summary>
    public int FailureThreshold { get; init; }
}

/// <summary>The observed state of a pod.</summary>
public sealed record PodStatus
{
    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string Phase { get; init => field = value ?? ""; } = "";

    /// <summary>Why, for example Evicted; mostly empty.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>The reason in words; mostly empty.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>When the kubelet took the pod, UTC.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>PodScheduled, Initialized, ContainersReady, Ready.</summary>
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];

    /// <summary>Status of the init containers.</summary>
    public IReadOnlyList<ContainerStatus> InitContainerStatuses { get; init => field = value ?? []; } = [];

    /// <summary>Status of the containers.</summary>
    public IReadOnlyList<ContainerStatus> ContainerStatuses { get; init => field = value ?? []; } = [];
}

/// <summary>The observed state of one container.</summary>
public sealed record ContainerStatus
{
    /// <summary>The container's name.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The image that runs, as the runtime names it.</summary>
    public string Image { get; init => field = value ?? ""; } = "";

    /// <summary>Whether its readiness probe passes.</summary>
    public bool Ready { get; init; }

    /// <summary>Whether its startup probe passed, or it runs and has none; null where the kubelet does not say.</summary>
    public bool? Started { get; init; }

    /// <summary>How often it was started again.</summary>
    public int RestartCount { get; init; }

    /// <summary>What it is doing now.</summary>
    public ContainerState State { get; init => field = value ?? new(); } = new();

    /// <summary>How its run before this one ended.</summary>
    public ContainerState LastState { get; init => field = value ?? new(); } = new();
}

/// <summary>Exactly one of the three is set; none means waiting.</summary>
public sealed record ContainerState
{
    /// <summary>Not started yet, and why.</summary>
    public ContainerWaiting? Waiting { get; init; }

    /// <summary>Running, and since when.</summary>
    public ContainerRunning? Running { get; init; }

    /// <summary>Ended, and how.</summary>
    public ContainerTerminated? Terminated { get; init; }
}

/// <summary>Why a container waits.</summary>
public sealed record ContainerWaiting
{
    /// <summary>For example ImagePullBackOff or CrashLoopBackOff.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>The reason in words.</summary>
    public string Message { get; init => field = value ?? ""; } = "";
}

/// <summary>Since when a container runs.</summary>
public sealed record ContainerRunning
{
    /// <summary>UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>How a container ended.</summary>
public sealed record ContainerTerminated
{
    /// <summary>0 is success.</summary>
    public int ExitCode { get; init; }

    /// <summary>The signal that ended it, or 0.</summary>
    public int Signal { get; init; }

    /// <summary>For example Error, OOMKilled or Completed.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>What the container wrote to its termination log.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>UTC.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A condition of any object: its type is a question, its status the answer.</summary>
public sealed record Condition
{
    /// <summary>For example Ready or Progressing.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>True, False or Unknown.</summary>
    public string Status { get; init => field = value ?? ""; } = "";

    /// <summary>One word.</summary>
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>A sentence.</summary>
    public string Message { get; init => field = value ?? ""; } = "";

    /// <summary>When the status last changed, UTC.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>When the condition was last confirmed, UTC (Deployments only).</summary>
    public DateTimeOffset? LastUpdateTime { get; init; }
}
