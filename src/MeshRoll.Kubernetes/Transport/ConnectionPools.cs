using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>
/// The connections to one cluster, apart by client certificate: one made with an old certificate must not serve a request made with the new.
/// Old ones live on for the watches still running on them.
/// </summary>
internal sealed class ConnectionPools(ClusterConnection connection, TransportOptions options) : IDisposable
{
    // Certificates rotate by the hour or slower: whatever runs on the fourth-last has lived long enough.
    private const int Kept = 4;

    private readonly object _lock = new();
    private readonly List<(string Thumbprint, HttpMessageInvoker Invoker)> _pools = [];
    private Uri? _proxy;
    private bool _disposed;

    /// <summary>The proxy in force, once the first pool was made; null for none.</summary>
    public Uri? Proxy => _proxy;

    public HttpMessageInvoker For(CredentialMaterial? material)
    {
        var thumbprint = material?.ClientCertificate?.Thumbprint ?? "";
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ClusterTransport));
            foreach (var pool in _pools)
            {
                if (pool.Thumbprint == thumbprint)
                    return pool.Invoker;
            }

            if (_pools.Count == Kept)
            {
                _pools[0].Invoker.Dispose();
                _pools.RemoveAt(0);
            }

            var invoker = Create(material);
            _pools.Add((thumbprint, invoker));
            return invoker;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var pool in _pools)
                pool.Invoker.Dispose();

            _pools.Clear();
        }
    }

    private HttpMessageInvoker Create(CredentialMaterial? material)
    {
        if (options.PrimaryHandler is { } given)
            return new(given, disposeHandler: false);

        _proxy = connection.SocketPath is not null ? null : connection.Proxy ?? EnvironmentProxy.For(connection.Server, options.EnvironmentVariable);
        return new(ClusterHandler.Create(connection, options, _proxy, material), disposeHandler: true);
    }
}
