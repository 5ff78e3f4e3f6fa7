using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>PEM that stands in the kubeconfig itself, or in a file.</summary>
internal readonly record struct PemSource
{
    private PemSource(byte[]? data, string path)
    {
        Data = data;
        Path = path;
    }

    /// <summary>The PEM, or null when it is in a file.</summary>
    public byte[]? Data { get; }

    public string Path { get; }

    public static PemSource OfData(byte[] data) => new(data, "");

    public static PemSource OfFile(string path) => new(null, path);
}

/// <summary>A client certificate of which at least one half is in a file. When a file changes, new connections use the new certificate.</summary>
internal sealed class ClientCertificateFileCredential : ICredential
{
    private readonly Half _certificate;
    private readonly Half _key;
    private readonly object _lock = new();
    private CredentialMaterial? _material;
    private (byte[] Certificate, byte[] Key) _content;

    public ClientCertificateFileCredential(PemSource certificate, PemSource key, ConfigurationEnvironment environment)
    {
        _certificate = new(certificate, environment);
        _key = new(key, environment);
    }

    public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(Read(now: false));

    public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) =>
        new(!ReferenceEquals(Read(now: true).ClientCertificate, rejected.ClientCertificate));

    private CredentialMaterial Read(bool now)
    {
        lock (_lock)
        {
            var certificate = _certificate.Read(now);
            var key = _key.Read(now);
            if (_material is not null && ReferenceEquals(certificate, _content.Certificate) && ReferenceEquals(key, _content.Key))
                return _material;

            try
            {
                var client = PemCertificates.ReadClient(certificate, key);
                _material = new(null, client.Certificate) { ClientCertificateChain = client.Chain };
                _content = (certificate, key);
                return _material;
            }
            catch (PemException e)
            {
                // Two files cannot be replaced at once: between the two writes they do not fit each other. The old pair still works.
                return _material ?? throw new CredentialException(
                    CredentialException.Unavailable,
                    $"The client certificate in {_certificate.Name} with the key in {_key.Name} cannot be used: {e.Message}",
                    e);
            }
        }
    }

    private sealed class Half(PemSource source, ConfigurationEnvironment environment)
    {
        private readonly RereadFile _file = new(source.Path, PemCertificates.MaximumBytes, environment);

        public string Name => source.Data is null ? $"'{source.Path}'" : "the kubeconfig";

        public byte[] Read(bool now) => source.Data ?? _file.Read(now);
    }
}
