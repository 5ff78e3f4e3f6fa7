using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Api;

/// <summary>Takes a JSON list apart, object by object; <c>items</c> may come before or after <c>metadata</c>.</summary>
internal sealed class JsonListParser<T>(Resource<T> resource, JsonTypeInfo<T> typeInfo) : ListParser<T>(resource)
    where T : class, IKubernetesObject
{
    private const int LongestField = 1 << 20;

    private JsonReaderState _state;
    private State _at = State.Start;
    private Property _property;
    private bool _itemsSeen;
    private bool _metadataSeen;
    private bool _firstItem = true;
    private JsonObjectEnd _itemEnd;

    private enum State
    {
        Start,
        Properties,
        BeforeValue,
        BeforeItem,
        InItem,
        End,
    }

    private enum Property
    {
        Other,
        Kind,
        Metadata,
        Items,
    }

    /// <inheritdoc/>
    public override ListStep Next(ReadOnlySpan<byte> data, bool final, out int consumed, out T? item)
    {
        consumed = 0;
        item = null;
        while (true)
        {
            var rest = data[consumed..];
            int taken;
            ListStep? step;
            switch (_at)
            {
                case State.BeforeItem:
                    step = SeekItem(rest, out taken);
                    break;
                case State.InItem:
                    step = ReadItem(rest, out taken, out item);
                    break;
                case State.End:
                    step = SeekEnd(rest, final, out taken);
                    break;
                default:
                    step = ReadProperty(rest, out taken);
                    break;
            }
            consumed += taken;
            if (step is { } result) return result;
        }
    }

    private ListStep? ReadProperty(ReadOnlySpan<byte> rest, out int taken)
    {
        var reader = new Utf8JsonReader(rest, isFinalBlock: false, _state);
        var step = ReadProperty(ref reader, out var whole);
        taken = 0;
        if (!whole)
        {
            // It is read from its beginning with every few bytes that arrive, so it had better be small.
            return rest.Length <= LongestField ? ListStep.NeedMore : throw new JsonException("A field of the list itself goes on for ever.");
        }
        taken = (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return step;
    }

    private ListStep? ReadProperty(ref Utf8JsonReader reader, out bool whole)
    {
        whole = false;
        if (!reader.Read()) return null;
        switch (_at)
        {
            case State.Start:
                if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("The answer is not an object.");
                _at = State.Properties;
                break;
            case State.Properties when reader.TokenType == JsonTokenType.EndObject:
                Finish();
                break;
            case State.Properties:
                _property = reader.ValueTextEquals("kind"u8) ? Property.Kind
                    : reader.ValueTextEquals("metadata"u8) ? Property.Metadata
                    : reader.ValueTextEquals("items"u8) ? Property.Items : Property.Other;
                _at = State.BeforeValue;
                break;
            default:
                return ReadValue(ref reader, out whole);
        }
        whole = true;
        return null;
    }

    private ListStep? ReadValue(ref Utf8JsonReader reader, out bool whole)
    {
        whole = false;
        if (_property == Property.Items && reader.TokenType == JsonTokenType.StartArray)
        {
            if (_itemsSeen) throw new JsonException("The list has two arrays of items.");
            _itemsSeen = true;
            _at = State.BeforeItem;
        }
        else if (_property == Property.Items && reader.TokenType == JsonTokenType.Null)
        {
            // An empty list of the server's own making.
            _itemsSeen = true;
            _at = State.Properties;
        }
        else if (_property == Property.Metadata && reader.TokenType == JsonTokenType.StartObject)
        {
            var copy = reader;
            if (!copy.TrySkip()) return null;
            ReadMetadata(ref reader);
            _at = State.Properties;
        }
        else if (_property == Property.Kind && reader.TokenType == JsonTokenType.String)
        {
            Kind = reader.GetString()!;
            if (Kind == "Status")
            {
                whole = true;
                return ListStep.Status;
            }
            CheckKind();
            _at = State.Properties;
        }
        else
        {
            if (_property != Property.Other) throw new JsonException("The list's own fields are of a wrong type.");
            if (!reader.TrySkip()) return null;
            _at = State.Properties;
        }
        whole = true;
        return null;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        _metadataSeen = true;
        Continue = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContinue = reader.ValueTextEquals("continue"u8);
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            reader.Read();
            if (isContinue) Continue = reader.GetString() ?? "";
            else if (isVersion) ResourceVersion = reader.GetString() ?? "";
            // Such as remainingItemCount, on every page but the last. Skip() would refuse: it knows not that the whole of it is here.
            else if (!reader.TrySkip()) throw new JsonException("The list's metadata is cut off.");
        }
    }

    private ListStep? SeekItem(ReadOnlySpan<byte> rest, out int taken)
    {
        taken = SkipBlank(rest);
        if (taken == rest.Length) return ListStep.NeedMore;
        switch (rest[taken])
        {
            case (byte)']':
                // For the reader of the properties, which is still at "[", the array is empty.
                _at = State.Properties;
                var reader = new Utf8JsonReader(rest[taken..], isFinalBlock: false, _state);
                reader.Read();
                taken += (int)reader.BytesConsumed;
                _state = reader.CurrentState;
                return null;
            case (byte)',' when !_firstItem:
                taken++;
                var blank = SkipBlank(rest[taken..]);
                if (taken + blank == rest.Length)
                {
                    taken--;
                    return ListStep.NeedMore;
                }
                taken += blank;
                break;
            default:
                if (!_firstItem) throw new JsonException("Two items are not separated.");
                break;
        }
        if (rest[taken] != (byte)'{') throw new JsonException("An item is not an object.");
        _firstItem = false;
        _at = State.InItem;
        return null;
    }

    private ListStep? ReadItem(ReadOnlySpan<byte> rest, out int taken, out T? item)
    {
        item = null;
        taken = _itemEnd.Find(rest);
        if (taken == 0) return ListStep.NeedMore;
        item = JsonSerializer.Deserialize(rest[..taken], typeInfo);
        _at = State.BeforeItem;
        return ListStep.Item;
    }

    private static ListStep? SeekEnd(ReadOnlySpan<byte> rest, bool final, out int taken)
    {
        taken = SkipBlank(rest);
        if (taken < rest.Length) throw new JsonException("Something follows the list.");
        return final ? ListStep.End : ListStep.NeedMore;
    }

    private void Finish()
    {
        if (Kind.Length == 0 || !_itemsSeen || !_metadataSeen) throw new JsonException("The answer is no list.");
        _at = State.End;
    }

    private static int SkipBlank(ReadOnlySpan<byte> rest)
    {
        var blank = rest.IndexOfAnyExcept(" \t\r\n"u8);
        return blank < 0 ? rest.Length : blank;
    }
}
