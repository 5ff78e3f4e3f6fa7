using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>A node as the scheduler sees it: what it is, what it can take, and what is taken.</summary>
internal sealed class NodeRoom(string name)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private set; } = new Dictionary<string, string>();

    /// <summary>What keeps pods away.</summary>
    public IReadOnlyList<Taint> Taints { get; private set; } = [];

    /// <summary>Whether it is cordoned.</summary>
    public bool IsUnschedulable { get; private set; }

    /// <summary>How many pods it may hold.</summary>
    public long AllocatablePods { get; private set; }

    /// <summary>Thousandths of processors it may give.</summary>
    public long AllocatableMilliCpu { get; private set; }

    /// <summary>Bytes it may give.</summary>
    public long AllocatableMemory { get; private set; }

    /// <summary>Pods it holds.</summary>
    public long Pods { get; private set; }

    /// <summary>Thousandths of processors asked of it.</summary>
    public long MilliCpu { get; private set; }

    /// <summary>Bytes asked of it.</summary>
    public long Memory { get; private set; }

    /// <summary>Learns what the node is now.</summary>
    public void Learn(StoredObject node)
    {
        using var document = JsonDocument.Parse(node.Json);
        var root = document.RootElement;
        var allocatable = root.At("status", "allocatable");
        Labels = node.Labels;
        Taints = root.Items("spec", "taints").Select(Taint.Read);
        IsUnschedulable = root.Flag("spec", "unschedulable");
        AllocatablePods = Quantity.Units(allocatable.At("pods"));
        AllocatableMilliCpu = Quantity.Milli(allocatable.At("cpu"));
        AllocatableMemory = Quantity.Units(allocatable.At("memory"));
    }

    /// <summary>Counts a pod in.</summary>
    public void Take(long milliCpu, long memory) => (Pods, MilliCpu, Memory) = (Pods + 1, MilliCpu + milliCpu, Memory + memory);

    /// <summary>Counts a pod out.</summary>
    public void Release(long milliCpu, long memory) => (Pods, MilliCpu, Memory) = (Pods - 1, MilliCpu - milliCpu, Memory - memory);
}
