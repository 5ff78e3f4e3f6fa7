using MeshRoll.Sandbox.Authorizing;

namespace MeshRoll.Sandbox.Writing;

/// <summary>How something is to be written.</summary>
internal sealed record WriteOptions
{
    /// <summary>As the sandbox's own components write.</summary>
    public static WriteOptions Default { get; } = new();

    /// <summary>As the sandbox's own components write what is made out of a template that was filled in and looked at when it came.</summary>
    public static WriteOptions KnownToBeRight { get; } = new() { IsKnownToBeRight = true };

    /// <summary>Whether there is nothing to be filled in, and nothing wrong.</summary>
    public bool IsKnownToBeRight { get; init; }

    /// <summary>Do everything but keep the result (dryRun=All).</summary>
    public bool DryRun { get; init; }

    /// <summary>Who writes, for managedFields; empty for the sandbox's own components, which leave no mark.</summary>
    public string FieldManager { get; init; } = "";

    /// <summary>Who writes; null for the sandbox's own components, which may do anything.</summary>
    public Identity? By { get; init; }
}

/// <summary>Which part of an object a write is about.</summary>
internal enum UpdatePart
{
    /// <summary>Everything but the status, where the kind has one.</summary>
    Main,

    /// <summary>The status only.</summary>
    Status,
}

/// <summary>How something is to be deleted (meta/v1 DeleteOptions).</summary>
internal sealed record DeleteOptions
{
    /// <summary>As a client deletes that says nothing.</summary>
    public static DeleteOptions Default { get; } = new();

    /// <summary>Seconds for a pod to end; null for its own.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan; null for the kind's own, which is Background for all that is served.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>Only this object; null for whichever there is.</summary>
    public string? Uid { get; init; }

    /// <summary>Only this version; null for any.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Do everything but delete.</summary>
    public bool DryRun { get; init; }
}
