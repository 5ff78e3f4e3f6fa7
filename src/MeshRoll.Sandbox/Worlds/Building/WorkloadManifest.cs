using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Worlds.WorldWorkloadKind;

namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>Writes a workload as the Kubernetes object that a user would have written, without what the server fills in.</summary>
internal static class WorkloadManifest
{
    private const string Behaviour = PodBehaviour.Prefix;

    /// <summary>The resource of a kind.</summary>
    public static ApiResource ResourceOf(WorldWorkloadKind kind) => kind switch
    {
        Deployment => ApiResources.Deployments,
        StatefulSet => ApiResources.StatefulSets,
        DaemonSet => ApiResources.DaemonSets,
        Job => ApiResources.Jobs,
        ReplicaSet => ApiResources.ReplicaSets,
        Rollout => ApiResources.ArgoRollouts,
        _ => ApiResources.Pods,
    };

    /// <summary>The object. A paused one is not paused yet: it could not come up.</summary>
    public static JsonObject Of(WorldWorkload workload, string @namespace, WorldMeshKind mesh)
    {
        var template = Template(workload, @namespace, mesh);
        if (workload.Kind == Pod)
        {
            var pod = template.Object("metadata");
            foreach (var (key, value) in workload.Labels) pod.Object("labels")[key] = value;
            foreach (var (key, value) in workload.Annotations) pod.Object("annotations")[key] = value;
            pod["name"] = workload.Name;
            return template;
        }
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = workload.Name,
                ["labels"] = Map([KeyValuePair.Create("app", workload.Name), .. workload.Labels]),
                ["annotations"] = Map(workload.Annotations),
            },
            ["spec"] = workload.Kind == Job ? JobSpec(workload, template) : Spec(workload, template),
        };
    }

    /// <summary>A number, or the text of a percentage.</summary>
    public static JsonNode Amount(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : text;

    /// <summary>Names with texts.</summary>
    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var map = new JsonObject();
        foreach (var (key, value) in entries) map[key] = value;
        return map;
    }

    private static JsonObject JobSpec(WorldWorkload job, JsonObject template) =>
        new() { ["completions"] = job.Replicas, ["parallelism"] = job.Replicas, ["template"] = template };

    private static JsonObject Spec(WorldWorkload workload, JsonObject template)
    {
        var spec = new JsonObject();
        if (workload.Kind != DaemonSet) spec["replicas"] = workload.Replicas;
        Set(spec, "minReadySeconds", workload.MinReadySeconds);
        Set(spec, "progressDeadlineSeconds", workload.ProgressDeadline);
        if (workload.RevisionHistoryLimit is { } limit) spec["revisionHistoryLimit"] = limit;
        if (workload.Kind == StatefulSet) spec["serviceName"] = workload.Name;
        if (workload.PodManagementPolicy is { } policy) spec["podManagementPolicy"] = policy;
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = workload.Name } };
        if (Strategy(workload) is { } strategy) spec[workload.Kind is Deployment or Rollout ? "strategy" : "updateStrategy"] = strategy;
        spec["template"] = template;
        return spec;
    }

    private static JsonObject? Strategy(WorldWorkload workload)
    {
        var limits = new JsonObject();
        if (workload.MaxSurge is { } surge) limits["maxSurge"] = Amount(surge);
        if (workload.MaxUnavailable is { } unavailable) limits["maxUnavailable"] = Amount(unavailable);
        if (workload.Partition is { } partition) limits["partition"] = partition;
        // Argo has no default strategy: a canary without steps is what comes nearest to a rolling update.
        if (workload.Kind == Rollout) return new() { ["canary"] = limits };
        if (workload.Strategy is null && limits.Count == 0) return null;

        var strategy = new JsonObject { ["type"] = workload.Strategy ?? "RollingUpdate" };
        if (limits.Count > 0) strategy["rollingUpdate"] = limits;
        return strategy;
    }

    private static JsonObject Template(WorldWorkload workload, string @namespace, WorldMeshKind mesh)
    {
        var labels = Map([KeyValuePair.Create("app", workload.Name), KeyValuePair.Create("version", "v1"), .. workload.PodLabels]);
        labels["app"] = workload.Name;
        var annotations = Map(workload.PodAnnotations);
        SetBehaviour(annotations, "ready-after", workload.ReadyAfter);
        SetBehaviour(annotations, "stop-after", workload.StopAfter);
        SetBehaviour(annotations, "completes-after", workload.CompleteAfter);
        if (workload.Inject is { } inject) InjectionMarks.SetOnPods(labels, annotations, mesh, inject);

        var spec = new JsonObject();
        if (workload.Kind == Job) spec["restartPolicy"] = "Never";
        if (workload.HostNetwork) spec["hostNetwork"] = true;
        Set(spec, "terminationGracePeriodSeconds", workload.TerminationGracePeriod);
        if (workload.InitImage is { } setup) spec["initContainers"] = new JsonArray(new JsonObject { ["name"] = "setup", ["image"] = setup });
        spec["containers"] = new JsonArray(Container(workload, @namespace));
        return new() { ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = annotations }, ["spec"] = spec };
    }

    private static JsonObject Container(WorldWorkload workload, string @namespace)
    {
        var container = new JsonObject
        {
            ["name"] = "app",
            ["image"] = workload.Image ?? $"registry.example/{@namespace}/{workload.Name}:1",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = 8080 }),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = workload.Cpu, ["memory"] = workload.Memory } },
        };
        // What only works and ends is asked by nobody whether it is ready.
        if (workload.ReadinessProbe is { } probe && workload.Kind != Job) container["readinessProbe"] = Probe(probe);
        if (workload.PreStop is { } sleep) container["lifecycle"] = new JsonObject { ["preStop"] = new JsonObject { ["sleep"] = new JsonObject { ["seconds"] = Seconds(sleep) } } };
        return container;
    }

    private static JsonObject Probe(WorldProbe probe) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = "/ready", ["port"] = 8080 },
        ["initialDelaySeconds"] = Seconds(probe.InitialDelay),
        ["periodSeconds"] = Seconds(probe.Period),
        ["timeoutSeconds"] = Seconds(probe.Timeout),
        ["successThreshold"] = probe.SuccessThreshold,
        ["failureThreshold"] = probe.FailureThreshold,
    };

    private static void Set(JsonObject target, string name, TimeSpan? duration)
    {
        if (duration is { } time) target[name] = Seconds(time);
    }

    private static void SetBehaviour(JsonObject annotations, string name, TimeSpan? duration)
    {
        if (duration is { } time) annotations[Behaviour + name] = string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");
    }

    // The API counts whole seconds; less than one is more than none.
    private static int Seconds(TimeSpan duration) => (int)Math.Ceiling(duration.TotalSeconds);
}
