using MeshRoll.Core.Plans.Gates;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>How a plan is carried out.</summary>
public sealed record PlanRunOptions
{
    /// <summary>The journal's file. One that is there is gone on with.</summary>
    public required string Journal { get; init; }

    /// <summary>Asked between waves; null for none.</summary>
    public IRunGate? Gate { get; init; }

    /// <summary>Between two questions to a gate that is closed.</summary>
    public TimeSpan GateInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a gate may stay closed before the run stops.</summary>
    public TimeSpan GateTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a suspension that the journal knows of is taken back.</summary>
    public bool TakesBackSuspension { get; init; }

    /// <summary>Whether to wait while another machine carries the plan out; otherwise that is an error.</summary>
    public bool WaitsForLease { get; init; } = true;

    /// <summary>The name changes are recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";
}
