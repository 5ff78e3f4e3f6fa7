using MeshRoll.Core.ControlPlane;

namespace MeshRoll.Core.Sidecars;

/// <summary>What is worth a sentence beside the objects of one reading; nothing of a mesh that no pod uses.</summary>
internal sealed class ReadingRemarks
{
    private bool _begun;
    private int _proxyless;
    private int _unjudged;
    private string _whyUnjudged = "";

    /// <summary>With the first sidecar: what could not be read of the meshes. Later: nothing.</summary>
    public IReadOnlyList<string> First(MeshKnowledge knowledge)
    {
        if (_begun) return [];
        _begun = true;
        return knowledge.Remarks;
    }

    /// <summary>Counts a sidecar that is left out because it cannot be judged.</summary>
    public void Count(MeshSidecar sidecar, SidecarQuery query)
    {
        if (!query.OutdatedOnly || sidecar.Outdated is not null) return;
        _unjudged++;
        if (_whyUnjudged.Length == 0) _whyUnjudged = $"{sidecar.Namespace}/{sidecar.Pod} {sidecar.Reason}";
    }

    /// <summary>Counts a pod that has the container and no Envoy.</summary>
    public void CountProxyless() => _proxyless++;

    /// <summary>At the end: what was left out, and why.</summary>
    public IEnumerable<string> Last()
    {
        if (_unjudged > 0) yield return $"Left out, because it cannot be told whether they are outdated: {Number(_unjudged, "sidecar")}. The first: {_whyUnjudged}.";
        if (_proxyless > 0) yield return $"Left out, because proxyless gRPC has no sidecar: {Number(_proxyless, "pod")}.";
    }

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
