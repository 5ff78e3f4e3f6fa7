using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Images;

/// <summary>
/// Where all nodes pull from. It has every image until one is taken away; then the nodes have lost it, too, so that who needs it anew waits, while
/// who runs with it keeps running. An image whose reference contains <c>does-not-exist</c> never was there.
/// </summary>
internal sealed class ImageRegistry
{
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    private readonly HashSet<(string Node, string Image)> _onNodes = [];

    private readonly Dictionary<string, string> _identities = new(StringComparer.Ordinal);

    /// <summary>Told when an image went away or came back.</summary>
    public event Action? Changed;

    /// <summary>The images taken away; <c>*</c> stands for anything.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Takes an image away.</summary>
    public void Remove(string image)
    {
        if (!_missing.Add(image)) return;
        _onNodes.RemoveWhere(held => Pattern.Matches(image, held.Image));
        Changed?.Invoke();
    }

    /// <summary>Brings an image back.</summary>
    public void Restore(string image)
    {
        if (_missing.Remove(image)) Changed?.Invoke();
    }

    /// <summary>Whether an image cannot be had.</summary>
    public bool Lacks(string image) =>
        image.Contains("does-not-exist", StringComparison.Ordinal) || (_missing.Count > 0 && _missing.Any(missing => Pattern.Matches(missing, image)));

    /// <summary>An image's name with its digest; the same image has always the same.</summary>
    public string IdentityOf(string image)
    {
        if (!_identities.TryGetValue(image, out var identity)) _identities[image] = identity = ImageNames.Identity(image);
        return identity;
    }

    /// <summary>Whether a node has an image already.</summary>
    public bool IsOn(string node, string image) => _onNodes.Contains((node, image));

    /// <summary>A node has pulled an image.</summary>
    public void Keep(string node, string image) => _onNodes.Add((node, image));
}
