using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Migration;

/// <summary>One end of a migration: sidecars of one revision, or of one version whoever injected them.</summary>
/// <param name="Revision">The revision; null for a version.</param>
/// <param name="Version">The version or its beginning (1.26 for all of 1.26.x); null for a revision.</param>
public sealed record MigrationSide(string? Revision, string? Version)
{
    /// <summary>The revision, or the version.</summary>
    public string Name => Revision ?? Version!;

    /// <summary>In words: <c>revision 1-27-1</c>, <c>version 1.26</c>.</summary>
    public string InWords => Revision is null ? $"version {Version}" : $"revision {Revision}";

    /// <summary>Whether a sidecar of this revision and version is on this side; null when it does not tell.</summary>
    public bool? Holds(string? revision, string? version)
    {
        if (Revision is not null) return revision is null ? null : revision == Revision;
        return version is null ? null : IsOrBegins(version, Version!);
    }

    /// <summary>Whether <paramref name="version"/> is <paramref name="wanted"/> or begins with its numbers: 1.26.4 is of 1.26, and 1.260.1 is not.</summary>
    internal static bool IsOrBegins(string version, string wanted) =>
        version.StartsWith(wanted, StringComparison.Ordinal) && (version.Length == wanted.Length || version[wanted.Length] == '.');
}

/// <summary>Both ends.</summary>
/// <param name="From">Where pods come from; null for whatever is not <paramref name="To"/>.</param>
/// <param name="To">Where they go.</param>
public sealed record MigrationSides(MigrationSide? From, MigrationSide To)
{
    /// <summary>Where a sidecar stands. The order of the guards is the rule: what has moved has moved, wherever it came from.</summary>
    public MigrationPlace PlaceOf(MeshSidecar sidecar)
    {
        ArgumentNullException.ThrowIfNull(sidecar);
        if (sidecar.Mesh != SidecarContainers.Istio) return MigrationPlace.Other;
        var to = To.Holds(sidecar.Revision, sidecar.Version);
        if (to == true) return MigrationPlace.Moved;
        var from = From is null ? !to : From.Holds(sidecar.Revision, sidecar.Version);
        if (from == true) return MigrationPlace.Left;
        return to is null || from is null ? MigrationPlace.Unknown : MigrationPlace.Other;
    }
}

/// <summary>Where a sidecar stands in a migration.</summary>
public enum MigrationPlace
{
    /// <summary>It is where pods go.</summary>
    Moved,

    /// <summary>It is where pods come from.</summary>
    Left,

    /// <summary>It is neither.</summary>
    Other,

    /// <summary>Its revision or version cannot be told.</summary>
    Unknown,
}
