namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>The API server let the caller through, and what is behind it did not answer: the pod, its port, or what stands between.</summary>
public sealed class PortForwardException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner)
{
    /// <summary>The node could not connect to the port; the message holds its words.</summary>
    public const string Refused = "MeshRoll.PortForwardRefused";

    /// <summary>The server, or something before it, does not forward ports over WebSockets.</summary>
    public const string Unsupported = "MeshRoll.PortForwardUnsupported";

    /// <summary>The connection was cut, or what came over it makes no sense.</summary>
    public const string Lost = "MeshRoll.PortForwardLost";

    /// <summary>Connected, and nothing came in time.</summary>
    public const string Silent = "MeshRoll.PodSilent";

    /// <summary>What answered speaks no HTTP.</summary>
    public const string Broken = "MeshRoll.PodAnswerBroken";

    /// <summary>Whether nothing listens on the port: another port may be worth a try.</summary>
    public bool NobodyListens { get; init; }
}
