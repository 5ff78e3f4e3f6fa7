using System.Net;

namespace MeshRoll.Kubernetes.PortForwarding;

/// <summary>What a pod answered: its status, and the body to be read part by part.</summary>
public sealed class PodAnswer : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly HttpMessageInvoker _invoker;
    private readonly Stream _connection;
    private readonly ForwardedPort _port;
    private readonly TimeProvider _time;
    private Stream? _body;

    internal PodAnswer(HttpResponseMessage response, HttpMessageInvoker invoker, Stream connection, ForwardedPort port, TimeProvider time)
    {
        _response = response;
        _invoker = invoker;
        _connection = connection;
        _port = port;
        _time = time;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Code => _response.StatusCode;

    /// <summary>The next part of the body; 0 at its end.</summary>
    /// <exception cref="PortForwardException">The connection broke, or nothing came for <see cref="PodHttp.Patience"/>.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var timer = new CancellationTokenSource(PodHttp.Patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            _body ??= await _response.Content.ReadAsStreamAsync(limit.Token);
            return await _body.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw PortForwardErrors.Silent(_port, PodHttp.Patience, "stopped in the middle of its answer and sent nothing");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw PodHttp.Explain(e, _port);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // First the goodbye: what comes after it is not listened to.
        await _connection.DisposeAsync();
        _response.Dispose();
        _invoker.Dispose();
    }
}
