namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>How a proxy stands with its control plane.</summary>
public enum ProxyState
{
    /// <summary>It acknowledged everything it was sent.</summary>
    Synced,

    /// <summary>It has not acknowledged something it was sent.</summary>
    Stale,

    /// <summary>It is connected and was not even sent clusters or listeners, which every proxy asks for.</summary>
    NotSent,

    /// <summary>The pod carries the proxy and no istiod knows it.</summary>
    Disconnected,

    /// <summary>istiod knows it and there is no such pod: a proxy outside of the cluster, or one that has just gone.</summary>
    NoPod,

    /// <summary>Not every istiod could be asked, and those that could do not know it.</summary>
    Unknown,
}
