using System.Globalization;
using MeshRoll.Sandbox.Nodes.Images;
using MeshRoll.Sandbox.Nodes.Pods;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Faults;

/// <summary>The faults in force in a cluster. They take effect by the means of the cluster wherever it has them: a quota is a ResourceQuota, a full node has no pods to allocate.</summary>
/// <remarks>All members are for use inside the simulation only.</remarks>
internal sealed class FaultBoard(Cluster cluster) : IPodFaults
{
    private readonly List<ActiveFault> _active = [];
    private ImageRegistry? _images;
    private int _named;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>The faults in force, in the order in which they were added.</summary>
    public IReadOnlyList<SandboxFault> Active => [.. _active.Select(active => active.Fault)];

    /// <summary>Tells where images come from.</summary>
    public void Attach(ImageRegistry images) => _images = images;

    /// <summary>Puts a fault in force, in the place of one of the same name if there is one; returns its name.</summary>
    /// <exception cref="SandboxException">The fault makes no sense.</exception>
    public string Add(SandboxFault fault)
    {
        fault.Check();
        if (fault.Name.Length == 0) fault = fault with { Name = NextName() };
        var active = ActiveFault.Of(fault, cluster, _images!);
        Remove(fault.Name);
        active.Begin();
        _active.Add(active);
        Changed?.Invoke();
        return fault.Name;
    }

    /// <summary>Takes a fault away and heals what it did; false when there is none of the name.</summary>
    public bool Remove(string name)
    {
        if (_active.FirstOrDefault(active => active.Fault.Name == name) is not { } found) return false;
        _active.Remove(found);
        found.End();
        Changed?.Invoke();
        return true;
    }

    /// <summary>Takes all faults away.</summary>
    public void Clear()
    {
        foreach (var active in _active.ToList()) Remove(active.Fault.Name);
    }

    /// <inheritdoc/>
    public PodBehaviour Apply(PodBehaviour own, StoredObject pod)
    {
        foreach (var active in _active) own = active.Apply(own, pod);
        return own;
    }

    private string NextName()
    {
        string name;
        do name = string.Create(CultureInfo.InvariantCulture, $"fault-{++_named}");
        while (_active.Exists(active => active.Fault.Name == name));
        return name;
    }
}
