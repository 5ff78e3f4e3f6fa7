using System.Threading.Channels;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A body that brings what the test gives it, when it gives it, and may end, break or stay silent.</summary>
public sealed class ScriptedStream : Stream
{
    private readonly Channel<byte[]> _parts = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public bool IsDisposed { get; private set; }

    /// <summary>These parts, then the end.</summary>
    public static ScriptedStream Of(params byte[][] parts)
    {
        var body = new ScriptedStream();
        foreach (var part in parts) body.Send(part);
        body.Finish();
        return body;
    }

    /// <summary>Whole bytes in parts of a given size, then the end.</summary>
    public static ScriptedStream InParts(byte[] bytes, int size) => Of([.. bytes.Chunk(size)]);

    public ScriptedStream Send(byte[] part)
    {
        _parts.Writer.TryWrite(part);
        return this;
    }

    public ScriptedStream Finish()
    {
        _parts.Writer.TryComplete();
        return this;
    }

    public ScriptedStream Break()
    {
        _parts.Writer.TryComplete(new IOException("The connection was reset."));
        return this;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current.IsEmpty)
        {
            if (!_parts.Reader.TryRead(out var part))
            {
                if (!await _parts.Reader.WaitToReadAsync(cancellationToken)) return 0;
                continue;
            }
            _current = part;
        }
        var count = Math.Min(buffer.Length, _current.Length);
        _current[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
