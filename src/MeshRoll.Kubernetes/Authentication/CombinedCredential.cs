namespace MeshRoll.Kubernetes.Authentication;

/// <summary>A client certificate from one credential and an Authorization header from another, as a user of a kubeconfig may have both.</summary>
public sealed class CombinedCredential(ICredential certificate, ICredential authorization) : ICredential
{
    /// <inheritdoc/>
    public async ValueTask<CredentialMaterial> GetAsync(CancellationToken cancellationToken)
    {
        var first = await certificate.GetAsync(cancellationToken);
        var second = await authorization.GetAsync(cancellationToken);

        // A plugin may give a certificate too; the one the user wrote down goes before it, as in client-go.
        return first.ClientCertificate is null
            ? second with { Authorization = second.Authorization ?? first.Authorization }
            : first with { Authorization = second.Authorization ?? first.Authorization };
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RefreshAsync(CredentialMaterial rejected, CancellationToken cancellationToken)
    {
        // Both: a 401 does not say which of the two it did not like.
        var first = await certificate.RefreshAsync(rejected, cancellationToken);
        var second = await authorization.RefreshAsync(rejected, cancellationToken);
        return first || second;
    }
}
