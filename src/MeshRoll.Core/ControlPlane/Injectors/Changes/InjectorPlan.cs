using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors.Changes;

/// <summary>What is to be done to injectors, decided and checked, before anything is.</summary>
internal sealed record InjectorPlan
{
    /// <summary>Which way it takes; null where there is no choice.</summary>
    public SwitchWay? Way { get; init; }

    /// <summary>What it is about: a webhook's, tag's or namespace's name.</summary>
    public required string Target { get; init; }

    /// <summary>What is done, as a question would name it.</summary>
    public required string Action { get; init; }

    /// <summary>Why this way, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The revision before; null for none or unknown.</summary>
    public string? From { get; init; }

    /// <summary>The revision after; null for none.</summary>
    public string? To { get; init; }

    /// <summary>Namespaces whose new pods are concerned.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>The writes, in their order. Between any two of them every pod is injected once.</summary>
    public required IReadOnlyList<ObjectChange> Steps { get; init; }

    /// <summary>The objects as they were, for the backup.</summary>
    public IReadOnlyList<(Kubernetes.Api.Resource<RawObject> Resource, RawObject Object)> Before { get; init; } = [];

    /// <summary>The commands that take it back, without their cluster; empty when there are none.</summary>
    public IReadOnlyList<string> Undo { get; init; } = [];

    /// <summary>What is worth a warning.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>A namespace in which, afterwards, a pod must be injected by <see cref="To"/>; null when there is none to try it in.</summary>
    public string? TrialNamespace { get; init; }
}
