using System.Collections;
using System.Text;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>
/// The schema of one message: JSON names with their field numbers, from Kubernetes' generated.proto files.
/// Written as a list: <c>{ "name", 1 }</c> is text, further arguments say of what kind a field is otherwise.
/// </summary>
internal sealed class ProtobufMessage : IEnumerable<ProtobufField>
{
    private readonly List<ProtobufField> _fields = [];
    private ProtobufField?[]? _slots;

    /// <summary>A text, or a list of them.</summary>
    public void Add(string name, int number) => Add(name, number, ProtobufKind.Text);

    /// <summary>A value of a kind, or a list of them.</summary>
    public void Add(string name, int number, ProtobufKind kind) => _fields.Add(new(Encoding.UTF8.GetBytes(name), number, kind, null));

    /// <summary>A message, or a list of them.</summary>
    public void Add(string name, int number, ProtobufMessage message) => _fields.Add(new(Encoding.UTF8.GetBytes(name), number, ProtobufKind.Message, message));

    /// <summary>A message whose fields JSON has among those of the outer one, such as a volume's source.</summary>
    public void Add(int number, ProtobufMessage inlined)
    {
        foreach (var field in inlined) _fields.Add(field with { Outer = number });
    }

    /// <summary>The field of a JSON name, or null when the schema leaves it out.</summary>
    public ProtobufField? Find(ReadOnlySpan<byte> name)
    {
        var slots = _slots ??= Spread();
        for (var i = Hash(name) & (slots.Length - 1); slots[i] is { } field; i = (i + 1) & (slots.Length - 1))
        {
            if (name.SequenceEqual(field.Name)) return field;
        }
        return null;
    }

    /// <inheritdoc/>
    public IEnumerator<ProtobufField> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A hash table with open addressing, at least half of it free, so that looking up a name needs no string.
    private ProtobufField?[] Spread()
    {
        var size = 4;
        while (size < _fields.Count * 2) size *= 2;
        var slots = new ProtobufField?[size];
        foreach (var field in _fields)
        {
            var i = Hash(field.Name) & (size - 1);
            while (slots[i] is not null) i = (i + 1) & (size - 1);
            slots[i] = field;
        }
        return slots;
    }

    private static int Hash(ReadOnlySpan<byte> name) => name.IsEmpty ? 0 : (name.Length * 31) + (name[0] * 7) + (name[name.Length / 2] * 3) + name[^1];
}

/// <summary>One field of a message.</summary>
/// <param name="Name">Its name in JSON, as UTF-8.</param>
/// <param name="Number">Its number on the wire.</param>
/// <param name="Kind">How its value is written.</param>
/// <param name="Message">The schema of its value, for messages.</param>
internal sealed record ProtobufField(byte[] Name, int Number, ProtobufKind Kind, ProtobufMessage? Message)
{
    /// <summary>The number of the message around it that JSON does not show; 0 for none. The same message may come several times: readers merge them.</summary>
    public int Outer { get; init; }
}
