using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Core.Tests.Builders;

/// <summary>
/// The ports of pods beside a <see cref="SnapshotApiServer"/>: what is forwarded to one gets the answer that the test gave it, over a WebSocket as the
/// kubelet's. Ports without an answer refuse the connection.
/// </summary>
public sealed class IstiodPorts(SnapshotApiServer server) : DelegatingHandler(server)
{
    private readonly Dictionary<(string Pod, int Port), Func<Task<string>>> _answers = [];
    private readonly Dictionary<string, HttpStatusCode> _refusals = [];

    /// <summary>Which ports were forwarded, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(string Pod, int Port)> Asked { get; } = [];

    /// <summary>A pod's port answers so in HTTP.</summary>
    public IstiodPorts Answer(string pod, string body, int port = 15014, string status = "200 OK") => Answer(pod, () => Task.FromResult(body), port, status);

    /// <summary>A pod's port answers so when its time has come.</summary>
    public IstiodPorts Answer(string pod, Func<Task<string>> body, int port = 15014, string status = "200 OK")
    {
        _answers[(pod, port)] = async () =>
        {
            var text = await body();
            return $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\n\r\n{text}";
        };
        return this;
    }

    /// <summary>Nobody listens on a pod's ports any more.</summary>
    public IstiodPorts Close(string pod)
    {
        foreach (var key in _answers.Keys.Where(key => key.Pod == pod).ToList()) _answers.Remove(key);
        return this;
    }

    /// <summary>What stands before the server cuts off whoever wants a WebSocket.</summary>
    public bool CutsOff { get; set; }

    /// <summary>What the pods were asked for, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Paths { get; } = [];

    /// <summary>The API server refuses to forward ports of a pod.</summary>
    public IstiodPorts Refuse(string pod, HttpStatusCode code = HttpStatusCode.Forbidden)
    {
        _refusals[pod] = code;
        return this;
    }

    /// <summary>A session with the server and the ports.</summary>
    public ClusterSession Session(string @namespace = "default") => new(
        new ClusterConnection { Name = "fake", Server = new("http://fake.invalid/"), Namespace = @namespace },
        new() { PrimaryHandler = this, MaxRetries = 0 });

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/');
        if (path[^1] != "portforward") return base.SendAsync(request, cancellationToken);
        var (pod, port) = (path[^2], int.Parse(request.RequestUri.Query.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture));
        Asked.Enqueue((pod, port));
        if (CutsOff) throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        return Task.FromResult(_refusals.TryGetValue(pod, out var code) ? ApiAnswer.Refusal(code, request) : Agree(request, pod, port));
    }

    private HttpResponseMessage Agree(HttpRequestMessage request, string pod, int port)
    {
        Pipe up = new(), down = new();
        _ = ServeAsync(WebSocket.CreateFromStream(new Duplex(up.Reader, down.Writer), new() { IsServer = true, SubProtocol = "v4.channel.k8s.io" }), pod, port);
#pragma warning disable CA5350 // RFC 6455 has it so.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(request.Headers.GetValues("Sec-WebSocket-Key").Single() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        var response = new HttpResponseMessage(HttpStatusCode.SwitchingProtocols) { RequestMessage = request, Content = new DuplexContent(new Duplex(down.Reader, up.Writer)) };
        response.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        response.Headers.TryAddWithoutValidation("Sec-WebSocket-Accept", accept);
        response.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", "v4.channel.k8s.io");
        return response;
    }

    private async Task ServeAsync(WebSocket socket, string pod, int port)
    {
        try
        {
            var number = new byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)port);
            await SendAsync(0, number);
            await SendAsync(1, number);
            if (_answers.TryGetValue((pod, port), out var answer))
            {
                var question = new byte[4096];
                var length = (await socket.ReceiveAsync(question.AsMemory(), CancellationToken.None)).Count;
                Paths.Enqueue(Encoding.UTF8.GetString(question, 1, length - 1).Split(' ')[1]);
                await SendAsync(0, Encoding.UTF8.GetBytes(await answer()));
            }
            else
            {
                await SendAsync(1, Encoding.UTF8.GetBytes($"dial tcp4 127.0.0.1:{port}: connect: connection refused"));
            }
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The client has left.
        }

        Task SendAsync(byte channel, byte[] data) => socket.SendAsync((byte[])[channel, .. data], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }

    private sealed class DuplexContent(Stream stream) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(stream);

        protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Two one-way pipes as one stream.</summary>
    private sealed class Duplex(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _in = reader.AsStream();
        private readonly Stream _out = writer.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _in.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _out.WriteAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => _out.FlushAsync(cancellationToken);

        public override void Flush() => _out.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                // As a socket: who is reading learns of it.
                reader.CancelPendingRead();
                _in.Dispose();
                _out.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
