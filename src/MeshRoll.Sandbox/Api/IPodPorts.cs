using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>Talks with one client through a stream, until either side has enough.</summary>
internal delegate Task PodListener(Stream stream, CancellationToken cancellationToken);

/// <summary>What listens on the ports of pods.</summary>
internal interface IPodPorts
{
    /// <summary>Who listens on a port of a pod; null where nobody does. Called inside the simulation; the listener itself works outside of it.</summary>
    PodListener? Find(StoredObject pod, int port);
}
