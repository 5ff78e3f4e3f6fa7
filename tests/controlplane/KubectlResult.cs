namespace MeshRoll.TestControlPlane;

/// <summary>What one run of kubectl left behind.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record KubectlResult(int ExitCode, string Output, string Error);
