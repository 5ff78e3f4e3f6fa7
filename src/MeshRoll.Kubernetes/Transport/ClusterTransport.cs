using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Transport;

/// <summary>
/// Sends HTTP requests to one cluster: TLS, credentials (with one refresh on 401), impersonation, user agent, retries.
/// It knows nothing of Kubernetes objects. Answers of any status are returned as they are once retries are used up;
/// only a server that cannot be reached or a credential that cannot be had throws.
/// </summary>
public sealed class ClusterTransport : IAsyncDisposable
{
    /// <summary>A transport for <paramref name="connection"/>. Opens nothing yet.</summary>
    public ClusterTransport(ClusterConnection connection, TransportOptions? options = null)
    {
        Connection = connection;
        Options = options ?? new();
    }

    /// <summary>Whom this talks to.</summary>
    public ClusterConnection Connection { get; }

    /// <summary>Time-outs and retries in force.</summary>
    public TransportOptions Options { get; }

    /// <summary>
    /// Sends what <paramref name="createRequest"/> makes (called once per attempt; relative URIs are resolved against the server, keeping its path).
    /// The answer's headers were read, its body was not: the caller disposes it.
    /// </summary>
    /// <param name="createRequest">Makes the request, anew for every attempt.</param>
    /// <param name="replay">Whether the request may be sent again after its fate became unknown (connection lost after sending).</param>
    /// <param name="cancellationToken">The caller's deadline: waiting for Retry-After never goes past it.</param>
    /// <exception cref="ClusterUnreachableException">No connection, TLS refused, or no answer within <see cref="TransportOptions.ResponseTimeout"/>.</exception>
    public Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> createRequest, Replay replay, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Whether a request may be sent again when it is unknown whether the server carried it out.</summary>
public enum Replay
{
    /// <summary>Never: only answers that say that nothing was done (429, 503 with Retry-After) lead to another attempt.</summary>
    Never,

    /// <summary>Reads, and writes that give the same result when done twice.</summary>
    Safe,
}

/// <summary>Time-outs and retries of a transport.</summary>
public sealed record TransportOptions
{
    /// <summary>How long connecting (TCP and TLS) may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server may take to begin its answer. Bodies have their own guard.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts after the first on 429 and 5xx with Retry-After, or on lost connections of replayable requests.</summary>
    public int MaxRetries { get; init; } = 10;

    /// <summary>Sent as User-Agent.</summary>
    public string UserAgent { get; init; } = "meshroll";

    /// <summary>The clock behind every wait.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called before each wait for another attempt; for verbose output. Null for nobody.</summary>
    public Action<TransportRetry>? OnRetry { get; init; }

    /// <summary>Replaces sockets and TLS in tests: everything above them stays. Null for the real thing.</summary>
    public HttpMessageHandler? PrimaryHandler { get; init; }
}

/// <summary>Another attempt is about to be made.</summary>
/// <param name="Uri">What is asked for.</param>
/// <param name="Attempt">1 for the first repetition.</param>
/// <param name="Delay">The wait before it.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record TransportRetry(Uri Uri, int Attempt, TimeSpan Delay, string Reason);
