using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>What a pod asks of its node.</summary>
internal sealed record PodPlacement
{
    /// <summary>Who is to find the node; empty or default-scheduler for the sandbox's own.</summary>
    public required string SchedulerName { get; init; }

    /// <summary>Thousandths of processors.</summary>
    public required long MilliCpu { get; init; }

    /// <summary>Bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>Labels that the node must have.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> NodeSelector { get; init; }

    /// <summary>Required node affinity: one of these; null for none.</summary>
    public required IReadOnlyList<NodeTerm>? Terms { get; init; }

    /// <summary>Taints it does not mind.</summary>
    public required IReadOnlyList<Toleration> Tolerations { get; init; }

    public bool Tolerates(Taint taint)
    {
        foreach (var toleration in Tolerations)
        {
            if (toleration.Tolerates(taint)) return true;
        }
        return false;
    }

    /// <summary>Whether selector and affinity allow the node.</summary>
    public bool Wants(NodeRoom node)
    {
        foreach (var (key, value) in NodeSelector)
        {
            if (node.Labels.GetValueOrDefault(key) != value) return false;
        }
        return Terms is null || Terms.Any(term => term.Matches(node));
    }

    internal static PodPlacement Read(JsonElement spec)
    {
        var required = spec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
        var (cpu, memory) = Requests(spec);
        return new()
        {
            SchedulerName = spec.Text("schedulerName"),
            MilliCpu = cpu,
            Memory = memory,
            NodeSelector = spec.At("nodeSelector") is { ValueKind: JsonValueKind.Object } selector
                ? [.. selector.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetString() ?? ""))]
                : [],
            Terms = required.ValueKind == JsonValueKind.Array ? [.. required.EnumerateArray().Select(NodeTerm.Read)] : null,
            Tolerations = spec.Items("tolerations").Select(Toleration.Read),
        };
    }

    /// <summary>
    /// What must be free on the node: all containers together, or the largest moment of the initialisation if that is more. Native sidecars count in
    /// both, because they stay (component-helpers' resource.PodRequests).
    /// </summary>
    private static (long MilliCpu, long Memory) Requests(JsonElement spec)
    {
        var (cpu, memory) = (0L, 0L);
        var (sidecarCpu, sidecarMemory) = (0L, 0L);
        var (peakCpu, peakMemory) = (0L, 0L);
        foreach (var container in spec.Items("containers"))
        {
            var (ownCpu, ownMemory) = Of(container);
            (cpu, memory) = (cpu + ownCpu, memory + ownMemory);
        }
        foreach (var container in spec.Items("initContainers"))
        {
            var (ownCpu, ownMemory) = Of(container);
            if (container.Text("restartPolicy") == "Always") (sidecarCpu, sidecarMemory, ownCpu, ownMemory) = (sidecarCpu + ownCpu, sidecarMemory + ownMemory, 0, 0);
            (peakCpu, peakMemory) = (Math.Max(peakCpu, sidecarCpu + ownCpu), Math.Max(peakMemory, sidecarMemory + ownMemory));
        }
        var overhead = spec.At("overhead");
        return (Math.Max(cpu + sidecarCpu, peakCpu) + Quantity.Milli(overhead.At("cpu")), Math.Max(memory + sidecarMemory, peakMemory) + Quantity.Units(overhead.At("memory")));

        static (long MilliCpu, long Memory) Of(JsonElement container)
        {
            var resources = container.At("resources");
            // A limit without a request is a request, too.
            var cpu = resources.At("requests", "cpu") is { ValueKind: not JsonValueKind.Undefined } asked ? asked : resources.At("limits", "cpu");
            var memory = resources.At("requests", "memory") is { ValueKind: not JsonValueKind.Undefined } wanted ? wanted : resources.At("limits", "memory");
            return (Quantity.Milli(cpu), Quantity.Units(memory));
        }
    }
}
