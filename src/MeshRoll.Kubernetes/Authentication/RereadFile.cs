using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>
/// A file others write anew while we run: read again once a minute (client-go's period for token files), or at once on demand.
/// By content and not by time stamp: a mounted secret changes behind a symbolic link whose own time stays.
/// </summary>
internal sealed class RereadFile(string path, int limit, ConfigurationEnvironment environment)
{
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    private readonly object _lock = new();
    private byte[]? _content;
    private long _readAt;

    public string Path { get; } = path;

    /// <summary>The newest content known; the same array as long as it did not change. A failed re-reading keeps what there was.</summary>
    /// <exception cref="CredentialException">It could never be read.</exception>
    public byte[] Read(bool now = false)
    {
        lock (_lock)
        {
            var clock = environment.TimeProvider;
            if (!now && _content is not null && clock.GetElapsedTime(_readAt) < s_period)
                return _content;

            _readAt = clock.GetTimestamp();
            try
            {
                var content = environment.ReadBytes(Path, limit);
                if (_content is null || !content.AsSpan().SequenceEqual(_content))
                    _content = content;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                // In the middle of being replaced, perhaps: what worked a minute ago is better than nothing.
                if (_content is null)
                    throw new CredentialException(CredentialException.Unavailable, $"The credential file '{Path}' cannot be read ({e.Message.TrimEnd('.')}). Log in anew or correct the kubeconfig.", e);
            }

            return _content;
        }
    }
}
