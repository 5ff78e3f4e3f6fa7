namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>Asks every istiod of a cluster about its proxies, and joins the answers with the pods.</summary>
public sealed class ProxyStatusReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshProxyStatus"/> per proxy of Istio: of every live pod that carries one, and of every proxy that istiod knows and that has no pod.
    /// Rows come when all istiods have answered, while pages of pods arrive. An istiod that cannot be asked is one remark, and what only it could have
    /// told is <see cref="ProxyState.Unknown"/>.
    /// </summary>
    /// <exception cref="InvalidRequestException">At once: a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshProxyStatus>> ReadAsync(ProxyStatusQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new ProxyStatusReading(Session, query, new(query.Selection)).ReadAsync(cancellationToken);
    }
}
