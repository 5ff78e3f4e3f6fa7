using System.Collections.Concurrent;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>The registry that the played nodes pull from: it has every image until one is deleted. Pods that run keep running.</summary>
public sealed class ImageRegistry
{
    private readonly ConcurrentDictionary<string, bool> _deleted = [];

    /// <summary>From now on no pod can pull this image any more.</summary>
    public void Delete(string image) => _deleted[image] = true;

    internal bool Lacks(string image) => _deleted.ContainsKey(image);
}
