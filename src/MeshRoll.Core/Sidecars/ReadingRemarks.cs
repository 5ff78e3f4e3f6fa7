using MeshRoll.Core.ControlPlane;

namespace MeshRoll.Core.Sidecars;

/// <summary>What is worth a sentence beside the objects of one reading; nothing of a mesh that no pod uses.</summary>
internal sealed class ReadingRemarks
{
    private bool begun;
    private int proxyless;
    private int unjudged;
    private string whyUnjudged = "";

    /// <summary>With the first sidecar: what could not be read of the meshes. Later: nothing.</summary>
    public IReadOnlyList<string> First(MeshKnowledge knowledge)
    {
        if (begun) return [];
        begun = true;
        return knowledge.Remarks;
    }

    /// <summary>Counts a sidecar that is left out because it cannot be judged.</summary>
    public void Count(MeshSidecar sidecar, SidecarQuery query)
    {
        if (!query.OutdatedOnly || sidecar.Outdated is not null) return;
        unjudged++;
        if (whyUnjudged.Length == 0) whyUnjudged = $"{sidecar.Namespace}/{sidecar.Pod} {sidecar.Reason}";
    }

    /// <summary>Counts a pod that has the container and no Envoy.</summary>
    public void CountProxyless() => proxyless++;

    /// <summary>At the end: what was left out, and why.</summary>
    public IEnumerable<string> Last()
    {
        if (unjudged > 0) yield return $"Left out, because it cannot be told whether they are outdated: {Number(unjudged, "sidecar")}. The first: {whyUnjudged}.";
        if (proxyless > 0) yield return $"Left out, because proxyless gRPC has no sidecar: {Number(proxyless, "pod")}.";
    }

    private static string Number(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
