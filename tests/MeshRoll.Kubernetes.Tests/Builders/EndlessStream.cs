using System.Text;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>A beginning, and then the same for ever.</summary>
public sealed class EndlessStream(byte[] beginning, byte[] repeated) : Stream
{
    private readonly byte[] _block = [.. Enumerable.Repeat(repeated, 4096).SelectMany(part => part)];
    private long _position;

    public EndlessStream(string beginning, string repeated) : this(Encoding.UTF8.GetBytes(beginning), Encoding.UTF8.GetBytes(repeated)) { }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var target = buffer.AsSpan(offset, count);
        while (!target.IsEmpty)
        {
            var source = _position < beginning.Length ? beginning.AsSpan((int)_position) : _block.AsSpan((int)((_position - beginning.Length) % _block.Length));
            source = source[..Math.Min(source.Length, target.Length)];
            source.CopyTo(target);
            target = target[source.Length..];
            _position += source.Length;
        }
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
