namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>The words of <c>istioctl proxy-status</c> for one type of resource.</summary>
public static class XdsSync
{
    /// <summary>What was sent last is acknowledged.</summary>
    public const string Synced = "SYNCED";

    /// <summary>What was sent last is not acknowledged (yet, or ever).</summary>
    public const string Stale = "STALE";

    /// <summary>Nothing was sent: mostly because nobody asked.</summary>
    public const string NotSent = "NOT SENT";
}
