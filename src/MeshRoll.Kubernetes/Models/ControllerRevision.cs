using System.Text.Json;

namespace MeshRoll.Kubernetes.Models;

/// <summary>A ControllerRevision (apps/v1): what a StatefulSet or DaemonSet was like once, kept by its controller.</summary>
public sealed record ControllerRevision : IKubernetesObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>Its number; a revision that is taken up again gets a new one.</summary>
    public long Revision { get; init; }

    /// <summary>The strategic merge patch that brings the workload back to it, as it stands: <c>{"spec":{"template":{"$patch":"replace",…}}}</c>.</summary>
    public JsonElement Data { get; init; }
}
