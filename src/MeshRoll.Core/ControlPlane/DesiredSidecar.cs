using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.ControlPlane;

/// <summary>What a new pod would get.</summary>
public sealed record DesiredSidecar
{
    /// <summary>Whether it would get a sidecar; null when that cannot be told.</summary>
    public bool? Injected { get; init; }

    /// <summary>The sidecar's version; null when unknown.</summary>
    public string? Version { get; init; }

    /// <summary>The revision that injects it; null when unknown, or for a mesh without revisions.</summary>
    public string? Revision { get; init; }

    /// <summary>The sidecar's image; null when unknown.</summary>
    public ImageReference? Image { get; init; }

    /// <summary>Whether the image was named as a whole, so that another image of the same version is another sidecar.</summary>
    public bool ComparesImages { get; init; }

    /// <summary>The rule that decides, in words: <c>namespace label istio.io/rev=prod</c>.</summary>
    public string Rule { get; init; } = "";

    /// <summary>How the rule's name leads to the revision, in words: <c>tag prod is revision 1-11-8</c>; mostly empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Why something of it is unknown, in words; empty when all is known.</summary>
    public string Unknown { get; init; } = "";

    /// <summary>Something worth knowing beside the verdict; mostly empty.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A sidecar as it runs, as far as a verdict needs it.</summary>
/// <param name="Image">Its image.</param>
/// <param name="Version">Its version; null when unknown.</param>
/// <param name="Revision">The revision that injected it; null when unknown.</param>
public sealed record RunningSidecar(ImageReference Image, string? Version, string? Revision);
