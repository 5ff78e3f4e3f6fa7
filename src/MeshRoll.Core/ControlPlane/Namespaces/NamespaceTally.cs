using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.ControlPlane.Namespaces;

/// <summary>The sidecars of one namespace, counted.</summary>
internal sealed class NamespaceTally
{
    private const string NoVersion = "unknown";

    /// <summary>Pods with a sidecar.</summary>
    public int Pods { get; private set; }

    /// <summary>Pods whose replacement would get another sidecar.</summary>
    public int Outdated { get; private set; }

    /// <summary>Pods of which that cannot be told.</summary>
    public int Unknown { get; private set; }

    /// <summary>Pods by version.</summary>
    public SortedDictionary<string, int> ByVersion { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts one.</summary>
    public void Add(MeshSidecar sidecar)
    {
        Pods++;
        if (sidecar.Outdated == true) Outdated++;
        if (sidecar.Outdated is null) Unknown++;
        var version = sidecar.Version ?? NoVersion;
        ByVersion[version] = ByVersion.GetValueOrDefault(version) + 1;
    }
}
