using System.Net;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>
/// Sends HTTP requests to one cluster: TLS, credentials (with one refresh on 401), impersonation, user agent, retries.
/// It knows nothing of Kubernetes objects. Answers of any status are returned as they are once retries are used up;
/// only a server that cannot be reached or a credential that cannot be had throws.
/// </summary>
public sealed class ClusterTransport : IAsyncDisposable
{
    private readonly ConnectionPools _pools;
    private volatile bool _hadContact;

    /// <summary>A transport for <paramref name="connection"/>. Opens nothing yet.</summary>
    public ClusterTransport(ClusterConnection connection, TransportOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new();
        _pools = new(Connection, Options);
    }

    /// <summary>Whom this talks to.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>Time-outs and retries in force.</summary>
    public TransportOptions Options { get; }

    /// <summary>How often the server throttled or failed lately.</summary>
    public ServerStrain Strain { get; } = new();

    /// <summary>
    /// Sends what <paramref name="createRequest"/> makes (called once per attempt; relative URIs are resolved against the server, keeping its path).
    /// The answer's headers were read, its body was not: the caller disposes it.
    /// </summary>
    /// <param name="createRequest">
    /// Makes the request, anew for every attempt. HTTP/2 is used where offered, unless the request insists on a version
    /// (<see cref="HttpVersionPolicy.RequestVersionExact"/>).
    /// </param>
    /// <param name="replay">Whether the request may be sent again after its fate became unknown (connection lost after sending).</param>
    /// <param name="cancellationToken">The caller's deadline: waiting for Retry-After never goes past it.</param>
    /// <exception cref="ClusterUnreachableException">No connection, TLS refused, or no answer within <see cref="TransportOptions.ResponseTimeout"/>.</exception>
    /// <exception cref="CredentialException">The credential cannot be had.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> createRequest, Replay replay, CancellationToken cancellationToken)
    {
        var refreshed = false;
        for (var retries = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var material = Connection.Credential is { } credential ? await credential.GetAsync(cancellationToken) : null;
            var request = createRequest();
            RequestDressing.Apply(request, Connection, Options, material, replay);
            var maximum = RequestOptions.RetriesOf(request, Options.MaxRetries);
            HttpResponseMessage response;
            try
            {
                response = await SendOnceAsync(request, material, cancellationToken);
                _hadContact = true;
                Strain.Note(request.RequestUri!, response.StatusCode, Options.TimeProvider.GetUtcNow());
            }
            catch (Exception e) when (SendFailures.IsFailure(e))
            {
                // The connection broke while the caller had enough: to him that is one and the same.
                if (cancellationToken.IsCancellationRequested)
                    throw new OperationCanceledException(e.Message, e, cancellationToken);

                var failure = SendFailures.Classify(e);
                if (RetryRules.AfterFailure(failure, replay, retries, _hadContact, maximum) is not { } delay)
                    throw await Explanation.ExplainAsync(failure, e, request.Method, cancellationToken);

                await WaitAsync(request, ++retries, delay, failure == SendFailure.Lost ? "the connection broke" : "the server cannot be reached", cancellationToken);
                continue;
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized && material is not null && !refreshed)
            {
                // 401 says that nothing was done: even a request that must not be repeated may be sent with a newer credential.
                refreshed = true;
                if (!await RefreshAsync(response, material, cancellationToken))
                    return response;
            }
            else
            {
                if (RetryRules.AfterAnswer(response, replay, retries, maximum, Options) is not { } delay)
                    return response;

                response.Dispose();
                await WaitAsync(request, ++retries, delay, $"the server answered {(int)response.StatusCode} with Retry-After", cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _pools.Dispose();
        return ValueTask.CompletedTask;
    }

    private FailureExplanation Explanation => new(Connection, Options, _pools.Proxy);

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CredentialMaterial? material, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Options.ResponseTimeout, Options.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await _pools.For(material).SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Explanation.Silent(request.Method);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller's own token, not the linked one nobody outside knows.
            throw new OperationCanceledException(cancellationToken);
        }
    }

    // True when there is a newer credential; the old answer is then disposed.
    private async Task<bool> RefreshAsync(HttpResponseMessage response, CredentialMaterial rejected, CancellationToken cancellationToken)
    {
        try
        {
            if (!await Connection.Credential!.RefreshAsync(rejected, cancellationToken))
                return false;
        }
        catch
        {
            response.Dispose();
            throw;
        }

        response.Dispose();
        return true;
    }

    private Task WaitAsync(HttpRequestMessage request, int attempt, TimeSpan delay, string reason, CancellationToken cancellationToken)
    {
        Options.OnRetry?.Invoke(new(request.RequestUri!, attempt, delay, reason));
        return Task.Delay(delay, Options.TimeProvider, cancellationToken);
    }
}
