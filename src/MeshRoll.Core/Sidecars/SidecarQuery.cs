using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Sidecars;

/// <summary>Which sidecars to read and what to measure them by.</summary>
public sealed record SidecarQuery
{
    /// <summary>Which pods, by namespace, workload and label.</summary>
    public WorkloadSelection Selection { get; init; } = new();

    /// <summary>What counts as up to date.</summary>
    public SidecarTarget Target { get; init; } = new();

    /// <summary>Only outdated ones.</summary>
    public bool OutdatedOnly { get; init; }

    /// <summary>Gateways' proxies too.</summary>
    public bool IncludeGateway { get; init; }
}

/// <summary>What counts as up to date, when it is not what a new pod would get.</summary>
public sealed record SidecarTarget
{
    /// <summary>The version all should run; null to take it from the mesh.</summary>
    public string? Version { get; init; }

    /// <summary>The revision or tag all should be injected by; null to take it from labels.</summary>
    public string? Revision { get; init; }

    /// <summary>A container of any mesh MeshRoll does not know; null for the known ones.</summary>
    public string? SidecarContainer { get; init; }
}
