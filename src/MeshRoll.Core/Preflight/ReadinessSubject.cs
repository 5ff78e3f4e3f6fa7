using System.Text.Json;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight;

/// <summary>A workload with all that the rules look at.</summary>
internal sealed record ReadinessSubject
{
    /// <summary>Which one.</summary>
    public required WorkloadReference Workload { get; init; }

    /// <summary>The workload, whole.</summary>
    public required JsonElement Json { get; init; }

    /// <summary>How many pods it wants.</summary>
    public required int Replicas { get; init; }

    /// <summary>Its pods.</summary>
    public required Known<IReadOnlyList<Pod>> Pods { get; init; }

    /// <summary>The mesh that injects into its new pods; null for none, or where that is unknown.</summary>
    public string? Mesh { get; init; }

    /// <summary>Whether its proxy is an init container that stays: started before the application and ended after it.</summary>
    public bool NativeSidecar { get; init; }

    /// <summary>What the mesh's settings say about proxies, where Istio injects.</summary>
    public Known<ProxySettings> Proxy { get; init; }

    /// <summary>The disruption budgets of its namespace that select its pods.</summary>
    public Known<IReadOnlyList<JsonElement>> Budgets { get; init; }

    /// <summary>Its autoscalers.</summary>
    public Known<IReadOnlyList<JsonElement>> Autoscalers { get; init; }

    /// <summary>The quotas of its namespace.</summary>
    public Known<IReadOnlyList<JsonElement>> Quotas { get; init; }

    /// <summary>The Services that select its pods, each with the count of its ready addresses (null where endpoints cannot be read).</summary>
    public Known<IReadOnlyList<ServiceSight>> Services { get; init; }

    /// <summary>The images that nodes have.</summary>
    public Known<NodeImages> Images { get; init; }

    /// <summary>What is free on each node: CPU, memory, pods. Read only when somebody wants to know.</summary>
    public Known<IReadOnlyList<NodeRoom>>? Room { get; init; }

    /// <summary>VirtualServices and DestinationRules; null where Istio's kinds are not installed.</summary>
    public Known<IReadOnlyList<JsonElement>>? Routes { get; init; }

    /// <summary>The names of the namespace's secrets.</summary>
    public Known<IReadOnlySet<string>> Secrets { get; init; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>From what age on a pod's images are doubted.</summary>
    public TimeSpan OldImages { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The pod template's spec.</summary>
    public JsonElement PodSpec => Json.At("spec", "template", "spec");

    /// <summary>The application's containers: those of the template that are no proxies.</summary>
    public IEnumerable<JsonElement> Containers => PodSpec.Items("containers").Where(container => SidecarContainers.MeshOf(container.Text("name") ?? "") is null);

    /// <summary>How long a pod may take to end.</summary>
    public int GracePeriod => PodSpec.Number("terminationGracePeriodSeconds") ?? 30;

    /// <summary>An annotation of the pod template.</summary>
    public string? Annotation(string name) => Json.Text("spec", "template", "metadata", "annotations", name);

    /// <summary>Whether something outside depends on its pods being reachable, as far as known.</summary>
    public bool Serves => Services.Is ? Services.Value!.Count > 0 : Containers.Any(container => container.Items("ports").Any());
}

/// <summary>What Istio's mesh configuration says of proxies.</summary>
/// <param name="HoldsApplication">holdApplicationUntilProxyStarts.</param>
/// <param name="DrainSeconds">terminationDrainDuration; null for the default of 5 s.</param>
internal sealed record ProxySettings(bool HoldsApplication, int? DrainSeconds);

/// <summary>A Service that selects the workload's pods.</summary>
/// <param name="Json">The Service.</param>
/// <param name="ReadyAddresses">How many pods stand behind it; null where that is unknown.</param>
internal sealed record ServiceSight(JsonElement Json, int? ReadyAddresses);

/// <summary>What is left on a node.</summary>
internal sealed record NodeRoom(string Name, decimal Cpu, decimal Memory, decimal Pods);
