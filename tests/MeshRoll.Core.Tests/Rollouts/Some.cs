using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Rollouts;

/// <summary>Workloads and pods in the states that rollouts pass through. What a test does not name is as in a healthy workload.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    public static ObjectMeta Meta(string name, long generation = 2, string uid = "", IReadOnlyDictionary<string, string>? annotations = null) => new()
    {
        Name = name,
        Namespace = "shop",
        Uid = uid.Length > 0 ? uid : $"uid-{name}",
        Generation = generation,
        Annotations = annotations!,
    };

    public static Deployment Deployment(int? replicas = 3, int? total = null, int? updated = null, int? available = null, long generation = 2, long? observed = null,
        bool paused = false, IReadOnlyList<Condition>? conditions = null, string uid = "", string name = "web") => new()
        {
            Metadata = Meta(name, generation, uid, new Dictionary<string, string> { ["deployment.kubernetes.io/revision"] = "7" }),
            Spec = new() { Replicas = replicas, Paused = paused, ProgressDeadlineSeconds = 600 },
            Status = new()
            {
                ObservedGeneration = observed ?? generation,
                Replicas = total ?? replicas ?? 1,
                UpdatedReplicas = updated ?? replicas ?? 1,
                ReadyReplicas = available ?? replicas ?? 1,
                AvailableReplicas = available ?? replicas ?? 1,
                Conditions = conditions ?? [],
            },
        };

    public static StatefulSet StatefulSet(int? replicas = 3, int? ready = null, int? updated = null, int? partition = null, string strategy = "RollingUpdate",
        long generation = 2, long? observed = null, string current = "db-2", string update = "db-2") => new()
        {
            Metadata = Meta("db", generation),
            Spec = new() { Replicas = replicas, UpdateStrategy = new() { Type = strategy, RollingUpdate = partition is null ? null : new() { Partition = partition } } },
            Status = new()
            {
                ObservedGeneration = observed ?? generation,
                Replicas = replicas ?? 1,
                ReadyReplicas = ready ?? replicas ?? 1,
                UpdatedReplicas = updated ?? replicas ?? 1,
                CurrentRevision = current,
                UpdateRevision = update,
            },
        };

    public static DaemonSet DaemonSet(int nodes = 3, int? updated = null, int? available = null, string strategy = "RollingUpdate", long generation = 2, long? observed = null, string templateGeneration = "2") => new()
    {
        Metadata = Meta("agent", generation, annotations: templateGeneration.Length == 0 ? null : new Dictionary<string, string> { ["deprecated.daemonset.template.generation"] = templateGeneration }),
        Spec = new() { UpdateStrategy = new() { Type = strategy } },
        Status = new()
        {
            ObservedGeneration = observed ?? generation,
            DesiredNumberScheduled = nodes,
            CurrentNumberScheduled = nodes,
            UpdatedNumberScheduled = updated ?? nodes,
            NumberReady = available ?? nodes,
            NumberAvailable = available ?? nodes,
        },
    };

    public static ArgoRollout Argo(string phase = "Healthy", string message = "", string observed = "2", bool paused = false, DateTimeOffset? restartAt = null, DateTimeOffset? restartedAt = null) => new()
    {
        Metadata = Meta("canary"),
        Spec = new() { Replicas = 3, Paused = paused, RestartAt = restartAt },
        Status = new() { ObservedGeneration = observed, Phase = phase, Message = message, RestartedAt = restartedAt, Replicas = 3, UpdatedReplicas = 3, ReadyReplicas = 3, AvailableReplicas = 3, CurrentPodHash = "h2" },
    };

    public static Condition DeadlineExceeded(DateTimeOffset time) => new()
    {
        Type = "Progressing",
        Status = "False",
        Reason = "ProgressDeadlineExceeded",
        Message = "ReplicaSet \"web-2\" has timed out progressing.",
        LastUpdateTime = time,
    };

    /// <summary>A pod of Deployment web's template with this hash.</summary>
    public static Pod WebPod(string name, string hash = "h2", int age = 0, bool deleting = false, PodStatus? status = null, PodSpec? spec = null) =>
        Pod(name, "pod-template-hash", hash, age, deleting, status, spec, owner: new() { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = $"web-{hash}", Controller = true });

    /// <summary>A pod of StatefulSet db at this revision.</summary>
    public static Pod DbPod(string name, string revision = "db-2", bool deleting = false, PodStatus? status = null) =>
        Pod(name, "controller-revision-hash", revision, 0, deleting, status, null, owner: new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "db", Controller = true });

    /// <summary>A pod of DaemonSet agent, made from this number of its template.</summary>
    public static Pod AgentPod(string name, string templateGeneration = "2", string hash = "h2", int age = 0, PodStatus? status = null)
    {
        var pod = Pod(name, "controller-revision-hash", hash, age, false, status, null, owner: new() { ApiVersion = "apps/v1", Kind = "DaemonSet", Name = "agent", Controller = true });
        return pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string>(pod.Metadata.Labels) { ["pod-template-generation"] = templateGeneration } } };
    }

    /// <summary>A pod of Deployment web with Istio's sidecar of this version.</summary>
    public static Pod Injected(string name, string version, string hash = "h2", int age = 0) => WebPod(name, hash, age) with
    {
        Spec = new() { Containers = [new() { Name = "app", Image = "registry.test/app:9" }, new() { Name = "istio-proxy", Image = $"registry.test/istio/proxyv2:{version}" }] },
    };

    public static ReplicaSet ReplicaSet(string name, string revision) => new()
    {
        Metadata = Meta(name, annotations: new Dictionary<string, string> { ["deployment.kubernetes.io/revision"] = revision }),
    };

    public static PodStatus Waiting(string reason, string message = "", int restarts = 0, bool init = false, ContainerTerminated? last = null) =>
        Containers(new() { Name = init ? "setup" : "app", RestartCount = restarts, State = new() { Waiting = new() { Reason = reason, Message = message } }, LastState = new() { Terminated = last } }, init);

    public static PodStatus Ended(int exitCode, int restarts = 0, bool init = true) =>
        Containers(new() { Name = init ? "setup" : "app", RestartCount = restarts, State = new() { Terminated = new() { ExitCode = exitCode, Reason = "Error" } } }, init);

    public static PodStatus NoNode(string message = "0/3 nodes are available: 3 Insufficient cpu.") => new()
    {
        Phase = "Pending",
        Conditions = [new() { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = message }],
    };

    public static PodSpec Spec(string image = "registry.test/app:9", bool native = false) => new()
    {
        Containers = [new() { Name = "app", Image = image }],
        InitContainers = [new() { Name = "setup", Image = "registry.test/setup:1", RestartPolicy = native ? "Always" : null }],
    };

    /// <summary>The kubelet's event about a probe of a pod's container.</summary>
    public static Event Unhealthy(Pod pod, string container, string message, int count = 1) =>
        About(Warning(pod, "Unhealthy", message) with { Count = count }, container);

    /// <summary>A kubelet that waits before it tries to pull the container's image again.</summary>
    public static Event PullBackOff(Pod pod, string container = "app") => About(Warning(pod, "Failed", "Error: ImagePullBackOff"), container);

    /// <summary>The event, about a container of its pod.</summary>
    public static Event About(Event told, string container) => told with { InvolvedObject = told.InvolvedObject with { FieldPath = $"spec.containers{{{container}}}" } };

    /// <summary>A warning about a pod.</summary>
    public static Event Warning(Pod pod, string reason, string message, int age = 0) =>
        new() { Reason = reason, Type = "Warning", Message = message, InvolvedObject = About(pod), LastTimestamp = Start.AddSeconds(-age) };

    /// <summary>A pod of web with Istio's sidecar of the revision, in this state; the application runs and is as ready as said.</summary>
    public static Pod WithSidecar(ContainerStatus sidecar, bool appReady = true, bool native = false, string? revision = "1-27-1", string phase = "Running")
    {
        var proxy = new Container { Name = "istio-proxy", Image = "registry.test/istio/proxyv2:1.27.1", RestartPolicy = native ? "Always" : null };
        var app = new ContainerStatus { Name = "app", Ready = appReady, State = phase == "Running" ? Runs() : new() { Waiting = new() { Reason = "PodInitializing" } } };
        var pod = WebPod("web-1", spec: new() { Containers = native ? [new() { Name = "app" }] : [new() { Name = "app" }, proxy], InitContainers = native ? [proxy] : [] },
            status: new() { Phase = phase, ContainerStatuses = native ? [app] : [app, sidecar], InitContainerStatuses = native ? [sidecar] : [] });
        if (revision is null) return pod;
        return pod with { Metadata = pod.Metadata with { Annotations = new Dictionary<string, string> { ["sidecar.istio.io/status"] = $$"""{"revision":"{{revision}}"}""" } } };
    }

    /// <summary>The status of a sidecar that runs and is not ready.</summary>
    public static ContainerStatus UnreadySidecar(string name = "istio-proxy") => new() { Name = name, State = Runs() };

    /// <summary>A container's state: running since the start.</summary>
    public static ContainerState Runs() => new() { Running = new() { StartedAt = Start } };

    private static ObjectReference About(Pod pod) => new() { Kind = "Pod", Namespace = "shop", Name = pod.Metadata.Name, Uid = pod.Metadata.Uid };

    private static PodStatus Containers(ContainerStatus status, bool init) => init
        ? new() { Phase = "Pending", InitContainerStatuses = [status], ContainerStatuses = [new() { Name = "app", State = new() { Waiting = new() { Reason = "PodInitializing" } } }] }
        : new() { Phase = "Pending", ContainerStatuses = [status] };

    private static Pod Pod(string name, string label, string value, int age, bool deleting, PodStatus? status, PodSpec? spec, OwnerReference owner) => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = "shop",
            Uid = $"uid-{name}",
            Labels = new Dictionary<string, string> { [label] = value },
            OwnerReferences = [owner],
            CreationTimestamp = Start - TimeSpan.FromSeconds(age),
            DeletionTimestamp = deleting ? Start : null,
        },
        Spec = spec ?? Spec(),
        Status = status ?? new() { Phase = "Running" },
    };
}
