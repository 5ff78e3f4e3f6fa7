using MeshRoll.Kubernetes;

namespace MeshRoll.Errors;

/// <summary>An error that a command itself found.</summary>
public sealed class CommandException : MeshRollException
{
    internal CommandException(string id, string message, Exception? inner = null)
        : base(id, message, inner)
    {
    }
}
