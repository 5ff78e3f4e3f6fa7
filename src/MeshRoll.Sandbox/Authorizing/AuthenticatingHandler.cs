using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>
/// Finds out who asks and puts it on the request. As on a cluster without anonymous access but for what the role system:public-info-viewer shows:
/// who says nothing about himself sees health and version, and a wrong token is refused everywhere.
/// </summary>
internal sealed class AuthenticatingHandler(IRequestHandler inner, Authenticator authenticator) : IRequestHandler
{
    private const string Scheme = "Bearer ";

    private static readonly byte[] Unauthorized = StatusBody.Write(401, "Unauthorized", "Unauthorized");

    /// <inheritdoc/>
    public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken) =>
        Identify(request) is { } identity
            ? inner.HandleAsync(request with { Identity = identity }, response, cancellationToken)
            : response.SendAsync(401, "application/json", Unauthorized, cancellationToken);

    private Identity? Identify(HttpRequest request)
    {
        var authorization = request.Header("Authorization").AsSpan().Trim();
        var token = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : [];
        if (!token.IsEmpty) return authenticator.Authenticate(token);
        return IsOpen(request.Path) ? Identity.Anonymous : null;
    }

    private static bool IsOpen(string path) => path is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/";
}
