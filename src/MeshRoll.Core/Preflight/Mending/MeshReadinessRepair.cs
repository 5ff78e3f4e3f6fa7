using MeshRoll.Core.ControlPlane.Injectors.Changes;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>What was done about findings on one object, or would be, and how it is taken back.</summary>
public sealed record MeshReadinessRepair
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The kind of what was changed: a workload, a PodDisruptionBudget, a HorizontalPodAutoscaler.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The rules whose findings it mends.</summary>
    public IReadOnlyList<string> Rules { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Done, only shown, or left alone.</summary>
    public required RepairState State { get; init; }

    /// <summary>What is changed, field by field; as the server has it, with its defaults.</summary>
    public IReadOnlyList<MeshFieldChange> Changes { get; init => field = ListedValue.Of(value); } = [];

    /// <summary>Whether the pod template changes: new pods are made at once.</summary>
    public bool MakesNewPods { get; init; }

    /// <summary>Who keeps the object as it stands elsewhere, and will put it back: Argo CD, Flux, Helm; empty for nobody known.</summary>
    public string KeptBy { get; init; } = "";

    /// <summary>Why it was left alone, or what to be sure of.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The patch that takes it back, in YAML; empty where nothing is changed.</summary>
    public string Undo { get; init; } = "";

    /// <summary>The command that takes it back.</summary>
    public string UndoCommand { get; init; } = "";

    /// <summary>What was changed, for taking it back; null where nothing was.</summary>
    internal ReadinessFix? WayBack { get; init; }

    /// <summary>The object and what happened.</summary>
    public override string ToString() => $"{Namespace} {Kind.ToLowerInvariant()}/{Name}: {State}{(Reason.Length > 0 ? $" ({Reason})" : "")}";
}

/// <summary>What became of a repair.</summary>
public enum RepairState
{
    /// <summary>The object was left alone: Reason says why.</summary>
    Skipped,

    /// <summary>The server tried it and nothing was changed: -WhatIf, or the answer was no.</summary>
    Proposed,

    /// <summary>The object was changed.</summary>
    Repaired,

    /// <summary>What a repair had changed is as it was.</summary>
    Undone,
}
