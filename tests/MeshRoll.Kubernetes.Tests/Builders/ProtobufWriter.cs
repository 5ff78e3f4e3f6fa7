using System.Text;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>Writes protobuf, knowing nothing of the reader under test.</summary>
public sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    public ProtobufWriter Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtobufWriter Bool(int field, bool value) => Number(field, value ? 1 : 0);

    public ProtobufWriter Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, Action<ProtobufWriter> write) => Bytes(field, Of(write));

    public ProtobufWriter Entry(int field, string key, string value) => Message(field, entry => entry.Text(1, key).Text(2, value));

    public ProtobufWriter Time(int field, DateTimeOffset time) =>
        Message(field, message => message.Number(1, time.ToUnixTimeSeconds()).Number(2, time.Ticks % TimeSpan.TicksPerSecond * 100));

    /// <summary>A 64-bit field, which nothing of ours reads.</summary>
    public ProtobufWriter Fixed64(int field, long value)
    {
        Varint(((ulong)field << 3) | 1);
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public ProtobufWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    public static byte[] Of(Action<ProtobufWriter> write)
    {
        var writer = new ProtobufWriter();
        write(writer);
        return writer.ToArray();
    }

    /// <summary>What Kubernetes puts around an object.</summary>
    public static byte[] Envelope(string apiVersion, string kind, byte[] raw) =>
        [.. "k8s\0"u8, .. Of(unknown => unknown.Message(1, type => type.Text(1, apiVersion).Text(2, kind)).Bytes(2, raw).Text(3, "").Text(4, ""))];

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
