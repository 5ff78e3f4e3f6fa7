namespace MeshRoll.Core.Preflight.Mending;

/// <summary>How findings are mended.</summary>
public sealed record ReadinessRepairOptions
{
    /// <summary>Applies also patches that rest on what only the owner knows.</summary>
    public bool AllowGuess { get; init; }

    /// <summary>The name the change is recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";

    /// <summary>Asked before each change, with what is changed and how; false leaves the object alone. Null approves all.</summary>
    public Func<string, string, CancellationToken, ValueTask<bool>>? Approve { get; init; }
}

/// <summary>An object is not as it was when the finding was made. Id: <c>MeshRoll.FindingOutdated</c>.</summary>
public sealed class FindingOutdatedException(string message) : Kubernetes.MeshRollException("MeshRoll.FindingOutdated", message);
