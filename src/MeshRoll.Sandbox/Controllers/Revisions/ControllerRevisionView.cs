using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Revisions;

/// <summary>What the controllers need of a ControllerRevision.</summary>
internal sealed record ControllerRevisionView : IObjectView<ControllerRevisionView>
{
    /// <summary>Its number; the highest is the one in force.</summary>
    public required long Number { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <inheritdoc/>
    public static ControllerRevisionView Read(JsonElement root) => new()
    {
        Number = root.Number("revision") ?? 0,
        Created = root.Time("metadata", "creationTimestamp") ?? default,
    };
}
