namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>Whether a pod may go to a node; the questions and the answers are those of the default scheduler's filters, in their order.</summary>
internal static class NodeFit
{
    /// <summary>Why not; empty when it may. The first filter that objects speaks, the one for resources names all that lack.</summary>
    public static IReadOnlyList<string> Objections(PodPlacement pod, NodeRoom node)
    {
        if (node.IsUnschedulable && !pod.Tolerates(Taint.Unschedulable)) return ["node(s) were unschedulable"];
        foreach (var taint in node.Taints)
        {
            if (taint.Repels && !pod.Tolerates(taint)) return [$"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}"];
        }
        if (!pod.Wants(node)) return ["node(s) didn't match Pod's node affinity/selector"];
        if (HasRoom(pod, node)) return [];

        var lacking = new List<string>(3);
        if (node.Pods + 1 > node.AllocatablePods) lacking.Add("Too many pods");
        if (LacksCpu(pod, node)) lacking.Add("Insufficient cpu");
        if (LacksMemory(pod, node)) lacking.Add("Insufficient memory");
        return lacking;
    }

    /// <summary>Whether such an objection would be the same with fewer pods on the node (UnschedulableAndUnresolvable).</summary>
    public static bool IsLasting(string objection) => objection.StartsWith("node(s)", StringComparison.Ordinal);

    private static bool HasRoom(PodPlacement pod, NodeRoom node) => node.Pods < node.AllocatablePods && !LacksCpu(pod, node) && !LacksMemory(pod, node);

    // Who asks for nothing fits even where everything is taken.
    private static bool LacksCpu(PodPlacement pod, NodeRoom node) => pod.MilliCpu > 0 && pod.MilliCpu > node.AllocatableMilliCpu - node.MilliCpu;

    private static bool LacksMemory(PodPlacement pod, NodeRoom node) => pod.Memory > 0 && pod.Memory > node.AllocatableMemory - node.Memory;
}
