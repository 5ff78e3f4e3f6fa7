using System.Runtime.CompilerServices;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>One reading of proxy status: istiods and pods at the same time, then pod by pod.</summary>
internal sealed class ProxyStatusReading(ClusterSession session, ProxyStatusQuery query)
{
    public async IAsyncEnumerable<ReadEvent<MeshProxyStatus>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var inventory = new SidecarInventory(session);
        await foreach (var happened in inventory.ReadSidecarsAsync(new() { Selection = query.Selection, IncludeGateway = true }, cancellationToken))
        {
            if (happened is not ReadEvent<MeshSidecar>.Found { Item: { Mesh: SidecarContainers.Istio } sidecar }) continue;
            yield return new ReadEvent<MeshProxyStatus>.Found(new()
            {
                Cluster = sidecar.Cluster,
                Namespace = sidecar.Namespace,
                Pod = sidecar.Pod,
                Kind = sidecar.Kind,
                Name = sidecar.Name,
                Gateway = sidecar.Gateway,
                Revision = sidecar.Revision,
                Version = sidecar.Version,
                State = ProxyState.Unknown,
                Reason = "no istiod was asked",
            });
        }
    }
}
