namespace MeshRoll.Kubernetes;

/// <summary>
/// Everything that can go wrong for a reason a person can act on. The message is one sentence or two: what, where, what to do.
/// It never holds a secret.
/// </summary>
public abstract class MeshRollException(string id, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The stable identity of the error, such as <c>MeshRoll.ContextNotFound</c>. Scripts may depend on it.</summary>
    public string Id { get; } = id;
}
