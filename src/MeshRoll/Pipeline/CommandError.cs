using System.Management.Automation;

namespace MeshRoll.Pipeline;

/// <summary>What becomes an error record, in terms that need no engine.</summary>
/// <param name="Id">Stable; scripts may depend on it.</param>
/// <param name="Category">PowerShell's category.</param>
/// <param name="Exception">Whose message the user reads.</param>
/// <param name="Target">The workload, namespace or file concerned.</param>
internal sealed record CommandError(string Id, ErrorCategory Category, Exception Exception, object? Target)
{
    /// <summary>What the user reads.</summary>
    public string Message => Exception.Message;
}
