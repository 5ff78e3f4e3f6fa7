namespace MeshRoll.Kubernetes.Transport;

/// <summary>Time-outs and retries of a transport.</summary>
public sealed record TransportOptions
{
    /// <summary>How long connecting (TCP and TLS) may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server may take to begin its answer. Bodies have their own guard.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts after the first on 429 and 5xx with Retry-After, or on lost connections of replayable requests.</summary>
    public int MaxRetries { get; init; } = 10;

    /// <summary>
    /// The longest Retry-After obeyed. A server that wants to be left alone for longer is not waited for: its answer is returned as it is,
    /// so that nobody sits in front of a command that seems to hang.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether answers may come compressed; null decides by the address. The API server's gzip saves nine tenths of a big list, which wins
    /// on every real network, but its one-core speed (about 100 MB/s of content) is far below what a loopback moves: there it is off.
    /// </summary>
    public bool? Compression { get; init; }

    /// <summary>Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Replaced in tests.</summary>
    public Func<string, string?> EnvironmentVariable { get; init; } = Environment.GetEnvironmentVariable;

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
