namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>What is to decide about injection into a namespace.</summary>
public abstract record NamespaceWish
{
    private NamespaceWish() { }

    /// <summary>The label istio.io/rev with a revision's name.</summary>
    public sealed record Revision(string Name) : NamespaceWish;

    /// <summary>The label istio.io/rev with a tag's name.</summary>
    public sealed record Tag(string Name) : NamespaceWish;

    /// <summary>The label istio-injection=enabled: whoever is the default.</summary>
    public sealed record Enabled : NamespaceWish;

    /// <summary>Neither label.</summary>
    public sealed record None : NamespaceWish;
}
