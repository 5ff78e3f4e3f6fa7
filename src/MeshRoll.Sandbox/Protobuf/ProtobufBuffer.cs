using System.Text;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Protobuf being written. Nested messages get their length afterwards: one byte is kept free for it, and where that is not enough the message moves up.</summary>
internal sealed class ProtobufBuffer(int capacity = 4096)
{
    private const int Varint = 0, LengthDelimited = 2;

    private byte[] _bytes = new byte[capacity];
    private int _length;

    /// <summary>What was written so far.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Forgets what was written, to begin anew in the same memory.</summary>
    public void Clear() => _length = 0;

    /// <summary>Begins a nested message.</summary>
    /// <returns>What <see cref="Close"/> needs to end it.</returns>
    public int Open(int field)
    {
        Tag(field, LengthDelimited);
        Room(1);
        return ++_length;
    }

    /// <summary>Ends the nested message that began at <paramref name="start"/>.</summary>
    public void Close(int start)
    {
        var length = _length - start;
        var more = VarintLength((ulong)length) - 1;
        if (more > 0)
        {
            Room(more);
            _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + more));
        }
        _length = start - 1;
        Number((ulong)length);
        _length += length;
    }

    /// <summary>A field that is a number, true or false.</summary>
    public void Number(int field, long value)
    {
        Tag(field, Varint);
        Room(10);
        Number((ulong)value);
    }

    /// <summary>A field of bytes or of text that is UTF-8 already.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value) => value.CopyTo(Reserve(field, value.Length));

    /// <summary>A field of text.</summary>
    public void Text(int field, string value)
    {
        if (value.Length == 0) Bytes(field, default);
        else Encoding.UTF8.GetBytes(value, Reserve(field, Encoding.UTF8.GetByteCount(value)));
    }

    /// <summary>Bytes without tag and length.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        Room(value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    /// <summary>Room for the value of a field whose length is known.</summary>
    public Span<byte> Reserve(int field, int length)
    {
        Tag(field, LengthDelimited);
        Room(5 + length);
        Number((ulong)length);
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    /// <summary>How many bytes a number takes on the wire.</summary>
    public static int VarintLength(ulong value)
    {
        var length = 1;
        while ((value >>= 7) != 0) length++;
        return length;
    }

    private void Tag(int field, int wireType)
    {
        Room(5);
        Number(((ulong)field << 3) | (uint)wireType);
    }

    private void Number(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_length++] = (byte)value;
    }

    private void Room(int more)
    {
        if (_bytes.Length - _length < more) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
