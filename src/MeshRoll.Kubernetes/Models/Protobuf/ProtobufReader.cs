using System.Text;

namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>
/// Walks over the fields of one protobuf message, forward only and without copying. Values that are not asked for are skipped.
/// No length in the message is believed: whatever points outside of it is an <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct ProtobufReader
{
    private const int VarintType = 0, Fixed64Type = 1, BytesType = 2, Fixed32Type = 5;

    private readonly ReadOnlySpan<byte> _data;
    private readonly StringPool? _pool;
    private int _position;
    private int _wireType;
    private bool _valueAhead;

    /// <param name="data">The message, whole.</param>
    /// <param name="pool">Where repeated strings are looked up; null makes every string anew.</param>
    public ProtobufReader(ReadOnlySpan<byte> data, StringPool? pool = null)
    {
        _data = data;
        _pool = pool;
    }

    /// <summary>The number of the field at hand.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the message has no bytes at all; for messages whose absence of fields means null, such as times.</summary>
    public readonly bool IsEmpty => _data.IsEmpty;

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    public bool Next()
    {
        if (_valueAhead) Skip();
        if (_position == _data.Length) return false;

        var tag = Varint();
        Field = (int)(tag >> 3);
        _wireType = (int)(tag & 7);
        if (tag > uint.MaxValue || Field == 0) throw Broken("a field without a number");
        _valueAhead = true;
        return true;
    }

    /// <summary>The value as text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>The value as text that is likely to occur again in this answer.</summary>
    public string Repeated() => _pool is null ? Text() : _pool.Get(Bytes());

    /// <summary>The value as a message of its own.</summary>
    public ProtobufReader Message() => new(Bytes(), _pool);

    /// <summary>The value's bytes, still in the message's own memory.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(BytesType);
        return Take(Varint());
    }

    /// <summary>The value as a number.</summary>
    public long Int64()
    {
        Expect(VarintType);
        return (long)Varint();
    }

    /// <summary>The value as a number; negative ones take ten bytes on the wire and are cut to size here, as the format wants it.</summary>
    public int Int32() => (int)Int64();

    /// <summary>The value as true or false.</summary>
    public bool Bool() => Int64() != 0;

    /// <summary>A moment in UTC (meta/v1 Time and MicroTime: seconds = 1, nanos = 2); null when it is empty, which is how the server writes the zero time.</summary>
    public DateTimeOffset? Time()
    {
        var message = Message();
        if (message.IsEmpty) return null;

        long seconds = 0, nanos = 0;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: seconds = message.Int64(); break;
                case 2: nanos = message.Int64(); break;
            }
        }
        // The bounds are those of years 1 to 9999.
        if (seconds is < -62135596800 or > 253402300799 || nanos is < 0 or > 999_999_999) throw Broken("a time out of range");
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
    }

    /// <summary>One entry of a map (key = 1, value = 2).</summary>
    public KeyValuePair<string, string> MapEntry(bool valuesRepeat = true)
    {
        var message = Message();
        string key = "", value = "";
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: key = message.Repeated(); break;
                case 2 when StringMap.IsKept(key): value = valuesRepeat ? message.Repeated() : message.Text(); break;
            }
        }
        return new(key, value);
    }

    private void Skip()
    {
        _valueAhead = false;
        switch (_wireType)
        {
            case VarintType: Varint(); break;
            case Fixed64Type: Take(8); break;
            case BytesType: Take(Varint()); break;
            case Fixed32Type: Take(4); break;
            default: throw Broken("a field of an unknown type");
        }
    }

    private void Expect(int wireType)
    {
        if (!_valueAhead || _wireType != wireType) throw Broken("a field of another type than expected");
        _valueAhead = false;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_data.Length - _position)) throw Broken("a length beyond the end");
        var taken = _data.Slice(_position, (int)length);
        _position += taken.Length;
        return taken;
    }

    private ulong Varint()
    {
        var rest = _data[_position..];
        if (rest.Length > 0 && rest[0] < 0x80)
        {
            _position++;
            return rest[0];
        }
        if (!TryReadVarint(rest, out var value, out var length)) throw Broken("a number beyond the end");
        _position += length;
        return value;
    }

    /// <summary>Reads a variable-length number from the front of <paramref name="data"/>; false when it goes on past the end.</summary>
    /// <exception cref="InvalidDataException">It is longer than any number can be.</exception>
    public static bool TryReadVarint(ReadOnlySpan<byte> data, out ulong value, out int length)
    {
        value = 0;
        for (length = 0; length < data.Length;)
        {
            if (length == 10) throw Broken("a number without end");
            var b = data[length];
            value |= (ulong)(b & 0x7f) << (7 * length);
            length++;
            if (b < 0x80) return true;
        }
        return false;
    }

    private static InvalidDataException Broken(string what) => new($"The protobuf message holds {what}.");
}
