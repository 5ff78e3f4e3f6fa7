namespace MeshRoll.Kubernetes.Transport;

/// <summary>Whether a request may be sent again when it is unknown whether the server carried it out.</summary>
public enum Replay
{
    /// <summary>Never: only answers that say that nothing was done (429, 503 with Retry-After) lead to another attempt.</summary>
    Never,

    /// <summary>Reads, and writes that give the same result when done twice.</summary>
    Safe,
}
