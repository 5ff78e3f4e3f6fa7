using System.Threading.Channels;

namespace MeshRoll.Sandbox.Api.PortForwarding;

/// <summary>One forwarded port as whoever listens behind it sees it: what the client sends is read, what is written goes to the client.</summary>
internal sealed class ForwardedStream(Func<ReadOnlyMemory<byte>, CancellationToken, Task> send) : Stream
{
    // A client that sends faster than is read has to wait.
    private readonly Channel<byte[]> _arrived = Channel.CreateBounded<byte[]>(64);
    private ReadOnlyMemory<byte> _rest;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The client has sent this. Nothing happens where nobody reads any more.</summary>
    public async Task ArriveAsync(byte[] data, CancellationToken cancellationToken)
    {
        while (data.Length > 0 && await _arrived.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_arrived.Writer.TryWrite(data)) return;
        }
    }

    /// <summary>Nothing more will come, or nobody reads any more.</summary>
    public void End() => _arrived.Writer.TryComplete();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            if (!await _arrived.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false)) return 0;
            if (_arrived.Reader.TryRead(out var next)) _rest = next;
        }
        var count = Math.Min(_rest.Length, buffer.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(send(buffer, cancellationToken));

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => send(buffer.AsMemory(offset, count), cancellationToken);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
