namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>What one pod tells of its proxy without any istiod.</summary>
/// <param name="Row">The row, as far as the pod can fill it.</param>
internal sealed record PodProxy(MeshProxyStatus Row)
{
    /// <summary>Whether an istiod has to know it: it lives and carries a proxy of Istio.</summary>
    public bool MustBeKnown { get; init; }

    /// <summary>Whether its proxy is another mesh's.</summary>
    public bool IsOfAnotherMesh { get; init; }

    /// <summary>Whether its deletion was asked for.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Why its proxy cannot be connected, in words; empty when the pod shows no reason.</summary>
    public string Trouble { get; init; } = "";

    /// <summary>Where to look when nothing else explains it.</summary>
    public string Hint { get; init; } = "";
}
