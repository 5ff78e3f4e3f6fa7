using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// Takes a protobuf list apart: the envelope's <c>raw</c> holds the list message (metadata = 1, items = 2), whose length is known
/// before it begins, so that every object is read as soon as it is there.
/// </summary>
internal sealed class ProtobufListParser<T>(Resource<T> resource, ProtobufRead<T> read, StringPool? pool) : ListParser<T>(resource)
    where T : class, IKubernetesObject
{
    private const int BytesType = 2;

    private State _state = State.Magic;
    private bool _listSeen;
    private ulong _listLeft;
    private ulong _skip;

    private enum State
    {
        Magic,
        Envelope,
        List,
    }

    /// <inheritdoc/>
    public override ListStep Next(ReadOnlySpan<byte> data, bool final, out int consumed, out T? item)
    {
        consumed = 0;
        item = null;
        while (true)
        {
            var rest = data[consumed..];
            if (_skip > 0)
            {
                var skipped = (int)Math.Min(_skip, (ulong)rest.Length);
                consumed += skipped;
                _skip -= (ulong)skipped;
                if (_skip > 0) return ListStep.NeedMore;
                continue;
            }

            if (_state == State.List && _listLeft == 0) _state = State.Envelope;
            if (_state == State.Magic)
            {
                if (!ProtobufEnvelope.Magic.StartsWith(rest[..Math.Min(rest.Length, 4)])) throw new InvalidDataException("The protobuf answer does not begin as one.");
                if (rest.Length < 4) return ListStep.NeedMore;
                consumed += 4;
                _state = State.Envelope;
                continue;
            }

            if (rest.IsEmpty) return final && _listSeen && _state == State.Envelope ? ListStep.End : ListStep.NeedMore;
            var step = _state == State.Envelope ? InEnvelope(rest, out var taken) : InList(rest, out taken, out item);
            consumed += taken;
            if (step is { } result) return result;
        }
    }

    private ListStep? InEnvelope(ReadOnlySpan<byte> rest, out int taken)
    {
        if (!TryReadField(rest, out var field, out var wireType, out var length, out taken)) return Wait(out taken);
        if (wireType != BytesType) return null;

        switch (field)
        {
            case 1:
                if (!IsWhole(rest, taken, length, ulong.MaxValue)) return Wait(out taken);
                Kind = ProtobufEnvelope.ReadKind(new(rest.Slice(taken, (int)length)));
                if (Kind == "Status") return ListStep.Status;
                CheckKind();
                taken += (int)length;
                return null;
            case 2 when !_listSeen:
                // The server always writes the kind first; without it, this could be anything.
                CheckKind();
                _listSeen = true;
                _listLeft = length;
                _state = State.List;
                return null;
            default:
                _skip = length;
                return null;
        }
    }

    private ListStep? InList(ReadOnlySpan<byte> rest, out int taken, out T? item)
    {
        item = null;
        if (!TryReadField(rest, out var field, out var wireType, out var length, out taken)) return Wait(out taken);
        if (wireType != BytesType) length = 0;
        if ((ulong)taken > _listLeft || length > _listLeft - (ulong)taken) throw new InvalidDataException("An object reaches beyond the end of its list.");

        if (wireType == BytesType && field is 1 or 2)
        {
            if (!IsWhole(rest, taken, length, BodyReader.LargestObject)) return Wait(out taken);
            var reader = new ProtobufReader(rest.Slice(taken, (int)length), pool);
            if (field == 1) ReadListMeta(reader);
            else item = read(ref reader);
            taken += (int)length;
            _listLeft -= (ulong)taken;
            return item is null ? null : ListStep.Item;
        }

        _skip = length;
        _listLeft -= (ulong)taken + length;
        return null;
    }

    private void ReadListMeta(ProtobufReader reader)
    {
        Continue = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: ResourceVersion = reader.Text(); break;
                case 3: Continue = reader.Text(); break;
            }
        }
    }

    private static ListStep? Wait(out int taken)
    {
        taken = 0;
        return ListStep.NeedMore;
    }

    private static bool IsWhole(ReadOnlySpan<byte> rest, int header, ulong length, ulong most) =>
        length <= most && length <= BodyReader.LargestObject
            ? (ulong)(rest.Length - header) >= length
            : throw new InvalidDataException($"An object of {length} bytes is announced, more than any can have.");

    // The header of a field: tag and, for values of that type, length. Numbers are taken whole here; nobody wants them.
    private static bool TryReadField(ReadOnlySpan<byte> rest, out int field, out int wireType, out ulong length, out int taken)
    {
        (field, wireType, length) = (0, 0, 0);
        if (!ProtobufReader.TryReadVarint(rest, out var tag, out taken)) return false;

        field = (int)(tag >> 3);
        wireType = (int)(tag & 7);
        if (tag > uint.MaxValue || field == 0) throw new InvalidDataException("The protobuf list holds a field without a number.");
        switch (wireType)
        {
            case 0:
            case BytesType:
                if (!ProtobufReader.TryReadVarint(rest[taken..], out length, out var more)) return false;
                taken += more;
                if (wireType == 0) length = 0;
                return true;
            case 1 or 5:
                taken += wireType == 1 ? 8 : 4;
                return taken <= rest.Length;
            default:
                throw new InvalidDataException("The protobuf list holds a field of an unknown type.");
        }
    }
}
