using MeshRoll.Core.ControlPlane.Injectors.Changes;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>What was changed about injectors, field by field, and how it is taken back.</summary>
public sealed record MeshInjectorChange
{
    /// <summary>The cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>The webhook, tag or namespace that was changed.</summary>
    public required string Name { get; init; }

    /// <summary>The way a switch took; null for other changes.</summary>
    public SwitchWay? Way { get; init; }

    /// <summary>Why this way, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The revision that injected before; null for none or unknown.</summary>
    public string? From { get; init; }

    /// <summary>The revision that injects now; null for none.</summary>
    public string? To { get; init; }

    /// <summary>The namespaces whose new pods are concerned.</summary>
    public IReadOnlyList<string> Namespaces { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Whether anything had to be changed.</summary>
    public bool Changed => Changes.Count > 0;

    /// <summary>What changed, field by field.</summary>
    public IReadOnlyList<MeshFieldChange> Changes { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Whether a pod, tried without being created, was injected as wished afterwards; null when that could not be tried.</summary>
    public bool? Verified { get; init; }

    /// <summary>The file with the objects as they were; null when nothing was there to be kept.</summary>
    public string? BackupPath { get; init; }

    /// <summary>The command that takes it back; null when there is none.</summary>
    public string? UndoCommand { get; init; }

    /// <summary>What happened, in words.</summary>
    public string Message { get; init; } = "";
}

/// <summary>How a mesh is told which revision injects.</summary>
public enum SwitchWay
{
    /// <summary>The default revision's webhook names another istiod's service.</summary>
    Service,

    /// <summary>A tag points at another revision.</summary>
    Tag,

    /// <summary>Namespaces are labelled with another revision.</summary>
    Namespace,
}
