using static MeshRoll.Sandbox.Worlds.WorldWorkloadKind;

namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Reads the workloads of a namespace.</summary>
internal static class WorkloadReading
{
    private static readonly WorldWorkloadKind[] Scalable = [Deployment, StatefulSet, ReplicaSet, Rollout];

    /// <summary>Keys that mean something to some kinds only: said at once instead of silently ignored.</summary>
    private static readonly (string Key, WorldWorkloadKind[] Kinds)[] OnlyFor =
    [
        ("replicas", [Deployment, StatefulSet, ReplicaSet, Rollout, Job]),
        ("completeAfter", [Job]),
        ("strategy", [Deployment, StatefulSet, DaemonSet]),
        ("maxSurge", [Deployment, DaemonSet, Rollout]),
        ("maxUnavailable", [Deployment, StatefulSet, DaemonSet, Rollout]),
        ("partition", [StatefulSet]),
        ("podManagementPolicy", [StatefulSet]),
        ("minReadySeconds", [Deployment, StatefulSet, DaemonSet, ReplicaSet, Rollout]),
        ("progressDeadline", [Deployment, Rollout]),
        ("revisionHistoryLimit", [Deployment, StatefulSet, DaemonSet, Rollout]),
        ("paused", [Deployment, Rollout]),
        ("disruptionBudget", [Deployment, StatefulSet, ReplicaSet, Rollout]),
        ("autoscaler", Scalable),
    ];

    public static List<WorldWorkload> Read(MapReading home, string @namespace, WorldMesh? mesh)
    {
        var workloads = new List<WorldWorkload>();
        foreach (var map in home.Maps("workloads", "a workload with its keys (kind, name, replicas, …)"))
        {
            var workload = Read(map, mesh);
            if (workload.Name.Length > 0 && workloads.Any(other => other.Name == workload.Name && other.Kind == workload.Kind))
                map.Wrong("name", $"there is a {workload.Kind} '{workload.Name}' in namespace '{@namespace}' already.");
            workloads.Add(workload);
        }
        return workloads;
    }

    private static WorldWorkload Read(MapReading map, WorldMesh? mesh)
    {
        var kind = map.OneOf<WorldWorkloadKind>("kind") ?? Deployment;
        var standard = new WorldWorkload { Kind = kind, Name = map.RequiredName() };
        var workload = standard with
        {
            Replicas = map.Number("replicas", kind == Job ? 1 : 0, 100_000) ?? standard.Replicas,
            Image = map.Text("image"),
            InitImage = map.Text("initImage"),
            Sidecar = Sidecar(map, mesh),
            ReadinessProbe = Probe(map),
            ReadyAfter = map.Duration("readyAfter"),
            StopAfter = map.Duration("stopAfter"),
            CompleteAfter = map.Duration("completeAfter"),
            Strategy = Strategy(map, kind),
            MaxSurge = map.Amount("maxSurge"),
            MaxUnavailable = map.Amount("maxUnavailable"),
            Partition = map.Number("partition", 0),
            PodManagementPolicy = map.Word("podManagementPolicy", "OrderedReady", "Parallel"),
            MinReadySeconds = map.Duration("minReadySeconds"),
            ProgressDeadline = map.Duration("progressDeadline"),
            RevisionHistoryLimit = map.Number("revisionHistoryLimit", 0),
            Paused = map.Flag("paused") ?? false,
            TerminationGracePeriod = map.Duration("terminationGracePeriod"),
            PreStop = map.Duration("preStop"),
            DisruptionBudget = DisruptionBudget(map),
            Autoscaler = Autoscaler(map),
            Service = Service(map),
            Labels = map.Texts("labels"),
            Annotations = map.Texts("annotations"),
            PodLabels = map.Texts("podLabels"),
            PodAnnotations = map.Texts("podAnnotations"),
            HostNetwork = map.Flag("hostNetwork") ?? false,
            Inject = map.Flag("inject"),
            Cpu = map.Quantity("cpu", "100m") ?? standard.Cpu,
            Memory = map.Quantity("memory", "128Mi") ?? standard.Memory,
            Age = map.Duration("age") ?? standard.Age,
        };
        foreach (var (key, kinds) in OnlyFor)
        {
            if (map.Has(key) && !kinds.Contains(kind)) map.Wrong(key, $"a {kind} has no such thing; it is for {string.Join(", ", kinds)}.");
        }
        map.End();
        return workload;
    }

    private static string? Sidecar(MapReading map, WorldMesh? mesh)
    {
        if (map.Text("sidecar") is not { } sidecar || sidecar == WorldWorkload.NoSidecar) return map.Text("sidecar");
        if (mesh is null)
        {
            map.Wrong("sidecar", "the world has no mesh. Give it one (key 'mesh'), or leave this out.");
        }
        else if (mesh.Injector(sidecar) is null)
        {
            var known = NamespaceReading.Known(mesh).Concat(mesh.Revisions.SelectMany(revision => revision.EarlierVersions)).Append(WorldWorkload.NoSidecar).ToList();
            map.Wrong("sidecar", $"the mesh has no revision, tag or earlier version '{sidecar}'.{NearestWord.Suggest(sidecar, known)} There are {string.Join(", ", known)}.");
        }
        return sidecar;
    }

    private static string? Strategy(MapReading map, WorldWorkloadKind kind) =>
        kind is Deployment ? map.Word("strategy", "RollingUpdate", "Recreate") : map.Word("strategy", "RollingUpdate", "OnDelete");

    private static WorldProbe? Probe(MapReading map)
    {
        var standard = new WorldProbe();
        if (map.Value("readinessProbe") is not { } value) return standard;
        if (value.Kind == DataKind.Scalar) return map.Flag("readinessProbe") is false ? null : standard;
        if (map.Map("readinessProbe", "a readiness probe with its keys, or false for none,") is not { } probe) return standard;
        var read = new WorldProbe
        {
            InitialDelay = probe.Duration("initialDelay") ?? standard.InitialDelay,
            Period = Positive(probe, "period") ?? standard.Period,
            Timeout = Positive(probe, "timeout") ?? standard.Timeout,
            SuccessThreshold = probe.Number("successThreshold", 1) ?? standard.SuccessThreshold,
            FailureThreshold = probe.Number("failureThreshold", 1) ?? standard.FailureThreshold,
        };
        probe.End();
        return read;
    }

    private static TimeSpan? Positive(MapReading map, string key)
    {
        var duration = map.Duration(key);
        // The field of the API counts whole seconds.
        if (duration < TimeSpan.FromSeconds(1)) map.Wrong(key, "it must be a second or more.");
        return duration;
    }

    private static WorldDisruptionBudget? DisruptionBudget(MapReading map)
    {
        if (map.Map("disruptionBudget", "a disruption budget with one of the keys minAvailable and maxUnavailable") is not { } budget) return null;
        var read = new WorldDisruptionBudget { MinAvailable = budget.Amount("minAvailable"), MaxUnavailable = budget.Amount("maxUnavailable") };
        if (budget.Has("minAvailable") == budget.Has("maxUnavailable")) budget.Wrong("it needs exactly one of the keys minAvailable and maxUnavailable.");
        budget.End();
        return read;
    }

    private static WorldAutoscaler? Autoscaler(MapReading map)
    {
        if (map.Map("autoscaler", "an autoscaler with the keys min and max") is not { } scaler) return null;
        var read = new WorldAutoscaler { Min = scaler.Number("min", 1) ?? 1, Max = scaler.Number("max", 1) ?? 1 };
        if (!scaler.Has("max")) scaler.Wrong("the key 'max' is missing.");
        else if (read.Max < read.Min) scaler.Wrong("max", "it is less than 'min'.");
        scaler.End();
        return read;
    }

    private static int? Service(MapReading map)
    {
        if (map.Value("service") is not { Kind: DataKind.Scalar } value || !bool.TryParse(value.Text, out var wanted))
            return map.Text("service", static text => int.TryParse(text, out var port) && port is > 0 and < 65536, "true, false, or a port") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;
        return wanted ? WorldWorkload.DefaultServicePort : null;
    }
}
