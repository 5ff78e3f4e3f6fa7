namespace MeshRoll.Sandbox.Wire;

/// <summary>A request that cannot be served as HTTP. It is answered with this status and the connection is closed, for nobody knows where the next request begins.</summary>
internal sealed class HttpProblem(int status, string message) : Exception(message)
{
    /// <summary>400, 413, 431, 501 or 505.</summary>
    public int Status { get; } = status;
}
