using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MeshRoll.Sandbox.Wire;

/// <summary>One client's connection: its requests, one after the other, until either side has enough.</summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);
    // For a client still busy sending what was refused.
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    // For a read to notice that its socket was shut down, which not every system tells it.
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromMilliseconds(250);

    private readonly Socket _socket;
    private readonly IRequestHandler _handler;
    private readonly Lazy<SslStreamCertificateContext>? _certificate;
    private readonly DateHeader _date;
    private readonly RequestHeadReader _heads = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly Func<ValueTask> _sendContinue;
    private ConnectionInput _input = null!;
    private ConnectionOutput _output = null!;
    private volatile bool _isAnswering;

    /// <summary>Takes over a socket.</summary>
    public HttpConnection(Socket socket, IRequestHandler handler, Lazy<SslStreamCertificateContext>? certificate, DateHeader date)
    {
        (_socket, _handler, _certificate, _date) = (socket, handler, certificate, date);
        _sendContinue = SendContinueAsync;
    }

    /// <summary>Serves until the connection is closed. Never fails.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (_socket.ProtocolType == ProtocolType.Tcp) _socket.NoDelay = true;
            await using var network = new NetworkStream(_socket, ownsSocket: false);
            await using var tls = _certificate is null ? null : new SslStream(network);
            if (tls is not null) await AuthenticateAsync(tls, _certificate!.Value);
            await ServeAsync((Stream?)tls ?? network);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException)
        {
            // The client went, sent no TLS, or the server stops: there is nobody left to tell.
        }
        finally
        {
            _socket.Dispose();
        }
    }

    /// <summary>Ends the connection: an idle one at once, an answer under way after the little time it needs to end properly.</summary>
    public async Task StopAsync(Task running, TimeSpan patience)
    {
        try
        {
            await _gone.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
        if (_isAnswering) await Task.WhenAny(running, Task.Delay(patience));
        _socket.Dispose();
        // A handler that does not care for its token must not hold up the end of all the others.
        await Task.WhenAny(running, Task.Delay(patience * 4));
    }

    /// <inheritdoc/>
    public void Dispose() => _gone.Dispose();

    private async Task AuthenticateAsync(SslStream tls, SslStreamCertificateContext certificate)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        timeout.CancelAfter(HandshakeTime);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        await tls.AuthenticateAsServerAsync(options, timeout.Token);
    }

    private async Task ServeAsync(Stream stream)
    {
        _input = new(stream, HangUp);
        _output = new(_socket, stream, HangUp);
        try
        {
            while (await ServeOneAsync())
            {
            }
            await EndAsync();
        }
        catch (HttpProblem problem)
        {
            await RefuseAsync(problem);
            await EndAsync();
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async ValueTask<bool> ServeOneAsync()
    {
        if (await ReadHeadAsync() is not { } head) return false;
        if (await RequestBody.ReadAsync(_input, head.Headers, _sendContinue) is not { } body) return false;

        var exchange = new HttpExchange(_input, _output, head, _date);
        _isAnswering = true;
        try
        {
            await AnswerAsync(head.WithBody(body), exchange);
        }
        finally
        {
            _isAnswering = false;
        }
        return exchange.MayContinue && !_gone.IsCancellationRequested;
    }

    private async ValueTask<RequestHead?> ReadHeadAsync()
    {
        for (; ; )
        {
            _input.Consume(RequestHeadReader.BlankPrefix(_input.Buffered));
            if (TakeHead() is { } head) return head;
            if (!await _input.FillAsync()) return null;
        }
    }

    private RequestHead? TakeHead()
    {
        var buffered = _input.Buffered;
        var length = RequestHeadReader.FindEnd(buffered);
        if (length < 0 ? buffered.Length >= RequestHeadReader.Limit : length > RequestHeadReader.Limit)
            throw new HttpProblem(431, "the request's head is too long");
        if (length < 0) return null;

        var head = _heads.Read(buffered[..length]);
        _input.Consume(length);
        return head;
    }

    private async Task AnswerAsync(HttpRequest request, HttpExchange exchange)
    {
        try
        {
            var answering = _handler.HandleAsync(request, exchange, _gone.Token);
            // Most answers are complete by now; the others may take as long as a watch.
            if (!answering.IsCompleted) _input.StartReadAhead();
            await answering;
            if (exchange.IsPristine) throw new InvalidOperationException($"nothing answered {request.Method} {request.Path}");
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception error) when (error is not HttpProblem || !exchange.IsPristine)
        {
            await FailAsync(exchange, error);
        }
        finally
        {
            _input.StopReadAhead();
        }
    }

    private static async Task FailAsync(HttpExchange exchange, Exception error)
    {
        if (!exchange.IsPristine)
        {
            // Half an answer must not look like a whole one. What is broken off already stays as it is: a reset could still take back what was sent.
            if (!exchange.IsBroken) exchange.Abort();
            return;
        }
        var body = StatusBody.Write(500, "InternalError", $"Internal error occurred: {error.Message}");
        await exchange.SendAsync(500, "application/json", body, CancellationToken.None);
    }

    private async Task RefuseAsync(HttpProblem problem)
    {
        // As Go's server does: plain text, and no further request on this connection.
        var text = Encoding.UTF8.GetBytes($"{problem.Status} {StatusLine.Phrase(problem.Status)}: {problem.Message}");
        _output.Append(StatusLine.Of(problem.Status));
        _output.Append("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: "u8);
        _output.Append(text.Length);
        _output.Append("\r\n\r\n"u8);
        _output.Append(text);
        await _output.FlushAsync(CancellationToken.None);
    }

    private ValueTask SendContinueAsync()
    {
        _output.Append("HTTP/1.1 100 Continue\r\n\r\n"u8);
        return _output.FlushAsync(CancellationToken.None);
    }

    // Closing with something unread resets the connection, and the client would lose the answer it has not read yet.
    private async Task EndAsync()
    {
        if (_gone.IsCancellationRequested) return;
        await _output.EndAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        timeout.CancelAfter(LingerTime);
        do _input.Consume(_input.Buffered.Length);
        while (await _input.FillAsync(timeout.Token));
    }

    // A socket disposed of under a read resets the connection; one that is shut down ends its read first.
    private async Task CloseAsync()
    {
        _output.Shutdown(SocketShutdown.Both);
        if (!_input.ReadAhead.IsCompleted) await Task.WhenAny(_input.ReadAhead, Task.Delay(ShutdownTime));
        _socket.Dispose();
        await _input.DisposeAsync();
        _output.Dispose();
    }

    private void HangUp()
    {
        try
        {
            _gone.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}
