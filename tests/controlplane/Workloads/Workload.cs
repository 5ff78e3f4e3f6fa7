using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Workloads;

/// <summary>
/// A test workload, to be written as any of the kinds. Its pods have the label <c>app</c> with the workload's name.
/// <code>await api.CreateAsync(new Workload("shop", "web") { Replicas = 2 }.AsDeployment());</code>
/// </summary>
/// <param name="Namespace">The namespace, which must exist.</param>
/// <param name="Name">The name.</param>
public sealed record Workload(string Namespace, string Name)
{
    /// <summary>How many pods; a DaemonSet has one per node, a bare pod is one.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The image of the container <c>app</c>. A reference with <c>does-not-exist</c> cannot be pulled.</summary>
    public string Image { get; init; } = "hub.example/app:1";

    /// <summary>The image of an init container <c>setup</c>, or null for none.</summary>
    public string? InitImage { get; init; }

    /// <summary>Labels of the workload itself.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations of the workload itself.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Further labels of the pods.</summary>
    public IReadOnlyDictionary<string, string> PodLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations of the pods; the names that the fake kubelet knows are in <see cref="Kubelet.PodFaults"/>.</summary>
    public IReadOnlyDictionary<string, string> PodAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>The Deployment's strategy or the other kinds' updateStrategy; null leaves the server's default.</summary>
    public JsonObject? Strategy { get; init; }

    /// <summary>For how long a pod must be ready to count as available.</summary>
    public int? MinReadySeconds { get; init; }

    /// <summary>After how long without progress a Deployment is said to be stuck.</summary>
    public int? ProgressDeadlineSeconds { get; init; }

    /// <summary>How many old revisions are kept.</summary>
    public int? RevisionHistoryLimit { get; init; }

    /// <summary>Pods in the node's network never get a sidecar.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>How long a pod may take to end.</summary>
    public int? TerminationGracePeriodSeconds { get; init; }

    /// <summary>StatefulSets only: <c>OrderedReady</c> or <c>Parallel</c>.</summary>
    public string? PodManagementPolicy { get; init; }

    /// <summary>A paused Deployment starts no rollouts.</summary>
    public bool Paused { get; init; }

    /// <summary>A strategy with absolute numbers or percentages, such as <c>RollingUpdate("25%", "0")</c>.</summary>
    public static JsonObject RollingUpdate(string maxSurge, string maxUnavailable) => new()
    {
        ["type"] = "RollingUpdate",
        ["rollingUpdate"] = new JsonObject { ["maxSurge"] = Amount(maxSurge), ["maxUnavailable"] = Amount(maxUnavailable) },
    };

    /// <summary>A StatefulSet's strategy with a partition.</summary>
    public static JsonObject Partitioned(int partition) => new()
    {
        ["type"] = "RollingUpdate",
        ["rollingUpdate"] = new JsonObject { ["partition"] = partition },
    };

    /// <summary>A strategy without parameters: <c>OnDelete</c>, <c>Recreate</c> or <c>RollingUpdate</c>.</summary>
    public static JsonObject StrategyOf(string type) => new() { ["type"] = type };

    /// <summary>Writes it as a Deployment.</summary>
    public JsonObject AsDeployment()
    {
        var spec = Spec(("replicas", Replicas), ("minReadySeconds", MinReadySeconds), ("revisionHistoryLimit", RevisionHistoryLimit));
        Set(spec, "progressDeadlineSeconds", ProgressDeadlineSeconds);
        Set(spec, "strategy", Strategy?.DeepClone());
        Set(spec, "paused", Paused ? true : null);
        return Object("apps/v1", "Deployment", spec);
    }

    /// <summary>Writes it as a StatefulSet without volumes.</summary>
    public JsonObject AsStatefulSet()
    {
        // Kubernetes 1.20 knows no minReadySeconds here.
        var spec = Spec(("replicas", Replicas), ("revisionHistoryLimit", RevisionHistoryLimit));
        Set(spec, "serviceName", Name);
        Set(spec, "updateStrategy", Strategy?.DeepClone());
        Set(spec, "podManagementPolicy", PodManagementPolicy);
        return Object("apps/v1", "StatefulSet", spec);
    }

    /// <summary>Writes it as a DaemonSet.</summary>
    public JsonObject AsDaemonSet()
    {
        var spec = Spec(("minReadySeconds", MinReadySeconds), ("revisionHistoryLimit", RevisionHistoryLimit));
        Set(spec, "updateStrategy", Strategy?.DeepClone());
        return Object("apps/v1", "DaemonSet", spec);
    }

    /// <summary>Writes it as a ReplicaSet that no Deployment owns.</summary>
    public JsonObject AsReplicaSet() => Object("apps/v1", "ReplicaSet", Spec(("replicas", Replicas), ("minReadySeconds", MinReadySeconds)));

    /// <summary>Writes it as a Job. With <see cref="Kubelet.PodFaults.CompletesAfterAnnotation"/> it comes to an end.</summary>
    public JsonObject AsJob() => Object("batch/v1", "Job", new JsonObject
    {
        ["completions"] = Replicas,
        ["parallelism"] = Replicas,
        ["template"] = Template("Never"),
    });

    /// <summary>Writes it as a pod that nobody owns.</summary>
    public JsonObject AsPod()
    {
        var template = Template("Always");
        var pod = Object("v1", "Pod", template["spec"]!.DeepClone().AsObject());
        pod["metadata"]!["labels"] = template["metadata"]!["labels"]!.DeepClone();
        pod["metadata"]!["annotations"] = template["metadata"]!["annotations"]!.DeepClone();
        return pod;
    }

    private static JsonNode Amount(string text) => int.TryParse(text, out var number) ? number : text;

    private static JsonObject Map(IReadOnlyDictionary<string, string> entries)
    {
        var map = new JsonObject();
        foreach (var (key, value) in entries)
        {
            map[key] = value;
        }

        return map;
    }

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private JsonObject Object(string apiVersion, string kind, JsonObject spec) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["labels"] = Map(Labels), ["annotations"] = Map(Annotations) },
        ["spec"] = spec,
    };

    private JsonObject Spec(params (string Name, int? Value)[] numbers)
    {
        var spec = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = Name } },
            ["template"] = Template("Always"),
        };
        foreach (var (name, value) in numbers)
        {
            Set(spec, name, value);
        }

        return spec;
    }

    private JsonObject Template(string restartPolicy)
    {
        var labels = Map(PodLabels);
        labels["app"] = Name;
        var spec = new JsonObject
        {
            ["restartPolicy"] = restartPolicy,
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = Image }),
        };
        Set(spec, "initContainers", InitImage is null ? null : new JsonArray(new JsonObject { ["name"] = "setup", ["image"] = InitImage }));
        Set(spec, "hostNetwork", HostNetwork ? true : null);
        Set(spec, "terminationGracePeriodSeconds", TerminationGracePeriodSeconds);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = Map(PodAnnotations) },
            ["spec"] = spec,
        };
    }
}
