using System.Net.WebSockets;

namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>
/// The answer to a watch, made so that somebody else can have the last word: once interrupted, its end is no longer sent, and what was being
/// written is written whole.
/// </summary>
/// <param name="response">The real answer.</param>
/// <param name="whole">Ends when the client is gone; a write is given up for nothing else.</param>
internal sealed class InterruptibleResponse(HttpResponse response, CancellationToken whole) : HttpResponse
{
    private volatile bool _isInterrupted;

    /// <summary>The stream once the answer began; null before.</summary>
    public Stream? Stream { get; private set; }

    /// <summary>The content type of the answer that began.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Whether the answer has ended, or was not a stream at all.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>From now on the end is not the handler's to send.</summary>
    public void Interrupt() => _isInterrupted = true;

    /// <inheritdoc/>
    public override Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Prepare(status);
        IsEnded = true;
        return response.SendAsync(status, contentType, body, whole);
    }

    /// <inheritdoc/>
    public override async Task<Stream> BeginAsync(int status, string contentType, CancellationToken cancellationToken)
    {
        Prepare(status);
        ContentType = contentType;
        Stream = await response.BeginAsync(status, contentType, whole);
        return new InterruptibleStream(this, Stream, whole);
    }

    /// <inheritdoc/>
    public override Task<WebSocket> AcceptWebSocketAsync(string? subprotocol, CancellationToken cancellationToken)
    {
        Prepare(101);
        IsEnded = true;
        return response.AcceptWebSocketAsync(subprotocol, whole);
    }

    /// <inheritdoc/>
    public override void Abort() => response.Abort();

    /// <inheritdoc/>
    public override void CutAfter(long bytes) => response.CutAfter(bytes);

    private void Prepare(int status)
    {
        Status = status;
        foreach (var (name, value) in Headers) response.Headers[name] = value;
    }

    private async ValueTask EndAsync()
    {
        if (_isInterrupted || IsEnded) return;
        IsEnded = true;
        await Stream!.DisposeAsync();
    }

    private sealed class InterruptibleStream(InterruptibleResponse owner, Stream stream, CancellationToken whole) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return stream.WriteAsync(buffer, whole);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => stream.Write(buffer);

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await owner.EndAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) owner.EndAsync().AsTask().GetAwaiter().GetResult();
            base.Dispose(disposing);
        }
    }
}
