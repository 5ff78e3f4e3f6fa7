using System.Globalization;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>Nodes that can hold what they hold, and nothing more.</summary>
internal sealed class FullNodes(SandboxFault fault, Cluster cluster) : ActiveFault(fault)
{
    /// <inheritdoc/>
    public override void Begin()
    {
        var held = cluster.Store.List(ApiResources.Pods).Select(pod => pod.As<PodView>()).Where(pod => !pod.HasEnded).GroupBy(pod => pod.NodeName).ToDictionary(group => group.Key, group => group.Count());
        var nodes = Nodes();
        if (nodes.Count == 0) throw Fault.Invalid($"there is no node {Fault.Node}");
        foreach (var node in nodes) Allow(node, held.GetValueOrDefault(node.Name).ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override void End()
    {
        foreach (var node in Nodes()) Allow(node, node.ToJson().Text("status", "capacity", "pods") ?? "110");
    }

    private List<StoredObject> Nodes() => [.. cluster.Store.List(ApiResources.Nodes).Where(node => Pattern.Like(Fault.Node, node.Name))];

    private void Allow(StoredObject node, string pods) => cluster.Write(node, json => json.Object("status", "allocatable")["pods"] = pods);
}
