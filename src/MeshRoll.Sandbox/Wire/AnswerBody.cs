namespace MeshRoll.Sandbox.Wire;

/// <summary>How the end of a streamed body is told.</summary>
internal enum BodyForm
{
    /// <summary>There is no body: a HEAD request.</summary>
    None,

    /// <summary>Chunks, ended by an empty one.</summary>
    Chunks,

    /// <summary>HTTP/1.0: the end of the connection is the end of the body.</summary>
    UntilClose,
}

/// <summary>A body that is sent as it is written: one write, one packet.</summary>
/// <param name="output">The way to the client.</param>
/// <param name="form">How its end is told.</param>
/// <param name="cutAfter">How many bytes may go out before the connection is broken off.</param>
/// <param name="ended">Called when the end was told.</param>
internal sealed class AnswerBody(ConnectionOutput output, BodyForm form, Func<long> cutAfter, Action ended) : Stream
{
    private long _sent;
    private bool _isClosed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!Append(buffer.Span)) return;
        await output.FlushAsync(cancellationToken);
        CutWhereDue();
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!Append(buffer)) return;
        output.Flush();
        CutWhereDue();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (TryEnd())
        {
            try
            {
                if (form == BodyForm.Chunks) await output.FlushAsync(CancellationToken.None);
                ended();
            }
            catch (IOException)
            {
                // The client did not stay for the end.
            }
        }
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && TryEnd())
        {
            try
            {
                if (form == BodyForm.Chunks) output.Flush();
                ended();
            }
            catch (IOException)
            {
                // The client did not stay for the end.
            }
        }
        base.Dispose(disposing);
    }

    private bool Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (bytes.IsEmpty || form == BodyForm.None) return false;
        if (cutAfter() - _sent is var allowed && allowed < bytes.Length) bytes = bytes[..(int)Math.Max(0, allowed)];
        _sent += bytes.Length;
        // An empty chunk would be the end.
        if (bytes.IsEmpty) return true;
        if (form == BodyForm.Chunks)
        {
            output.Append(bytes.Length, "x");
            output.Append("\r\n"u8);
        }
        output.Append(bytes);
        if (form == BodyForm.Chunks) output.Append("\r\n"u8);
        return true;
    }

    private void CutWhereDue()
    {
        if (_sent < cutAfter()) return;
        output.BreakOff();
        throw new IOException("The answer was broken off by a fault.");
    }

    private bool TryEnd()
    {
        if (_isClosed) return false;
        _isClosed = true;
        if (output.IsBroken) return false;
        if (form == BodyForm.Chunks) output.Append("0\r\n\r\n"u8);
        return true;
    }
}
