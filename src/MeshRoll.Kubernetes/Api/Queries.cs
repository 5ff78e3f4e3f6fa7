namespace MeshRoll.Kubernetes.Api;

/// <summary>Which objects of a list or watch.</summary>
public sealed record ListQuery
{
    /// <summary>Kubernetes' label selector syntax; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Kubernetes' field selector syntax; null for all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects per page; null lets the server send all at once.</summary>
    public int? PageSize { get; init; } = 500;

    /// <summary>Null: as new as the store itself. <c>0</c>: whatever the server has in memory, fastest, may be a little old.</summary>
    public string? ResourceVersion { get; init; }
}

/// <summary>Which part of a pod's logs.</summary>
public sealed record LogQuery
{
    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>So many lines, the last ones.</summary>
    public int TailLines { get; init; } = 20;

    /// <summary>Of them so many bytes at most.</summary>
    public int MaximumBytes { get; init; } = 64 << 10;

    /// <summary>Of the run before the present one.</summary>
    public bool Previous { get; init; }
}

/// <summary>How a change is made.</summary>
public sealed record ChangeOptions
{
    /// <summary>The name changes are recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";

    /// <summary>The server checks everything and stores nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How an object is deleted.</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete it only if it still is this very object; else the server answers with a conflict.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete it only if it did not change since; else the server answers with a conflict.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Seconds a pod is given to end; null for what its specification says. 0 kills it at once.</summary>
    public int? GracePeriodSeconds { get; init; }

    /// <summary>The server checks everything and deletes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>A patch: its kind and its JSON.</summary>
/// <param name="Kind">How the server is to understand it.</param>
/// <param name="Json">UTF-8 JSON.</param>
public sealed record Patch(PatchKind Kind, ReadOnlyMemory<byte> Json);

/// <summary>The kinds of patch the API server takes from us.</summary>
public enum PatchKind
{
    /// <summary>application/strategic-merge-patch+json; built-in kinds only.</summary>
    StrategicMerge,

    /// <summary>application/merge-patch+json.</summary>
    Merge,

    /// <summary>application/json-patch+json.</summary>
    Json,
}
