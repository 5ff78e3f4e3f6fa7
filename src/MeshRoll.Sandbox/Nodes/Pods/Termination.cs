namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>The end of a container.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="StartedAt">When it had started.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Reason">In one word.</param>
internal sealed record Termination(int ExitCode, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string Reason)
{
    /// <summary>A container that ended by itself.</summary>
    public static Termination Of(int exitCode, DateTimeOffset startedAt, DateTimeOffset finishedAt) =>
        new(exitCode, startedAt, finishedAt, exitCode switch { 0 => "Completed", 137 => "OOMKilled", _ => "Error" });
}
