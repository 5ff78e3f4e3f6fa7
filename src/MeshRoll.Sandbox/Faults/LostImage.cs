using MeshRoll.Sandbox.Nodes.Images;

namespace MeshRoll.Sandbox.Faults;

/// <summary>An image that was deleted from the registry.</summary>
internal sealed class LostImage(SandboxFault fault, string image, ImageRegistry images) : ActiveFault(fault)
{
    /// <inheritdoc/>
    public override void Begin() => images.Remove(image);

    /// <inheritdoc/>
    public override void End() => images.Restore(image);
}
