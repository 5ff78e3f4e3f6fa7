using System.Net;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>Asks what listens on a port of a pod a question in HTTP/1.1, by port-forward. One connection for one question.</summary>
public static class PodHttp
{
    /// <summary>How long the pod may take to begin its answer, and each part of it to come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks. Answers of any status are returned as they are, their bodies unread.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="namespace">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="port">The port, as inside of the pod.</param>
    /// <param name="path">What to get, such as <c>/debug/syncz</c>.</param>
    /// <param name="cancellationToken">The caller's deadline.</param>
    /// <exception cref="ApiException">The API server refuses.</exception>
    /// <exception cref="PortForwardException">The pod, or what leads to it, does not answer.</exception>
    public static async Task<PodAnswer> GetAsync(ClusterClient client, string @namespace, string pod, int port, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(path);
        var forwarded = new ForwardedPort(@namespace, pod, port);
        var time = client.Transport.Options.TimeProvider;
        var stream = await ConnectAsync(client, forwarded, time, cancellationToken);
        HttpMessageInvoker? invoker = null;
        try
        {
            invoker = new(Handler(stream));
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}{path}")) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation("User-Agent", client.Transport.Options.UserAgent);
            request.Headers.ConnectionClose = true;
            var response = await SendAsync(invoker, request, forwarded, time, cancellationToken);
            return new(response, invoker, stream, forwarded, time);
        }
        catch
        {
            invoker?.Dispose();
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a reader of the stream or of HTTP over it complains about, as what a person wants to know.</summary>
    internal static PortForwardException Explain(Exception failure, ForwardedPort port)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PortForwardException known) return known;
        }
        return PortForwardErrors.Broken(port, failure);
    }

    // A node that is gone keeps the API server dialling: longer than anybody wants to wait.
    private static async Task<Stream> ConnectAsync(ClusterClient client, ForwardedPort port, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await client.ForwardPortAsync(port.Namespace, port.Pod, port.Port, limit.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw PortForwardErrors.Unconnected(port, Patience);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static SocketsHttpHandler Handler(Stream stream) => new()
    {
        ConnectCallback = (_, _) => new(stream),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 64,
        // What follows an answer that nobody wants to read to its end is none of ours.
        MaxResponseDrainSize = 0,
    };

    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker invoker, HttpRequestMessage request, ForwardedPort port, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await invoker.SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw PortForwardErrors.Silent(port, Patience, "did not begin to answer");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Explain(e, port);
        }
    }
}
