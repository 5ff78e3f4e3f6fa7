using System.Net.Http.Headers;
using System.Text;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>A token in a file that is written anew before it expires (service accounts, login tools). Read again once a minute and after 401.</summary>
public sealed class TokenFileCredential : ICredential
{
    private const int MaximumBytes = 1024 * 1024;

    private readonly RereadFile _file;
    private readonly object _lock = new();
    private byte[]? _content;
    private CredentialMaterial? _material;

    /// <summary>Presents the token in the file at <paramref name="path"/>. Reads nothing yet.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="environment">Replaces files and clock, for tests.</param>
    public TokenFileCredential(string path, ConfigurationEnvironment? environment = null) =>
        _file = new(path, MaximumBytes, environment ?? ConfigurationEnvironment.Process);

    /// <inheritdoc/>
    /// <exception cref="CredentialException">The file cannot be read or holds no token.</exception>
    public ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken) => new(Read(now: false));

    /// <inheritdoc/>
    public ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken) =>
        new(Read(now: true).Authorization?.Parameter != rejected.Authorization?.Parameter);

    private CredentialMaterial Read(bool now)
    {
        lock (_lock)
        {
            var content = _file.Read(now);
            if (_material is not null && ReferenceEquals(content, _content))
                return _material;

            var token = Encoding.UTF8.GetString(content).Trim().TrimStart('\uFEFF');
            if (TokenCredential.IsToken(token))
            {
                _material = new(new AuthenticationHeaderValue("Bearer", token), null);
                _content = content;
                return _material;
            }

            // Emptied in order to be written: the last good token may still be accepted.
            return _material ?? throw new CredentialException(
                CredentialException.Unavailable,
                token.Length == 0
                    ? $"The token file '{_file.Path}' is empty. Log in anew."
                    : $"The token file '{_file.Path}' holds something else than one token. Log in anew or correct the kubeconfig.");
        }
    }
}
