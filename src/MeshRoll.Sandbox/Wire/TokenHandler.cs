using System.Security.Cryptography;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>
/// Lets only those in who know the token. As on a real cluster (the role system:public-info-viewer) health and version are open to those who
/// show none; a wrong one is refused everywhere.
/// </summary>
internal sealed class TokenHandler(IRequestHandler inner, string token) : IRequestHandler
{
    private const string Scheme = "Bearer ";

    private static readonly byte[] Unauthorized = StatusBody.Write(401, "Unauthorized", "Unauthorized");

    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <inheritdoc/>
    public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken) =>
        IsAllowed(request) ? inner.HandleAsync(request, response, cancellationToken) : response.SendAsync(401, "application/json", Unauthorized, cancellationToken);

    private bool IsAllowed(HttpRequest request)
    {
        var authorization = request.Header("Authorization");
        if (authorization.Length == 0) return IsOpen(request.Path);
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        // In constant time: how far a guess was right must not be measurable.
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()), _token);
    }

    private static bool IsOpen(string path) => path is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/";
}
