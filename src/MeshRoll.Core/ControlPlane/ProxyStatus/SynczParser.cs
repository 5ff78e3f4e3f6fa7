using System.Globalization;
using System.Text.Json;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>
/// Reads <c>/debug/syncz</c> in parts, as they come: a list of proxies, alone or as a value of an object; each with a pair of keys per kind (older
/// istiods), with resources by type URL (newer ones), or with both. Unknown keys are passed over.
/// </summary>
internal sealed class SynczParser(IstiodPod istiod)
{
    /// <summary>More than any mesh has: an answer without end.</summary>
    public const int MostProxies = 1_000_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 32 };

    private readonly List<KnownProxy> _proxies = [];
    private JsonReaderState _state = new(Options);
    private readonly SynczEntry _entry = new();
    private int _listDepth = -1;
    private int _entries;
    private bool _sawList;
    private bool _sawNull;
    private string _property = "";
    private string _type = "";
    private bool _inResources;

    /// <summary>The proxies read so far.</summary>
    public IReadOnlyList<KnownProxy> Proxies => _proxies;

    /// <summary>Reads what it can; returns how many bytes that were. What remains is to be given again, with more behind it.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidOperationException">It is no UTF-8.</exception>
    /// <exception cref="InvalidDataException">It is something else, or has no end.</exception>
    public int Read(ReadOnlySpan<byte> json, bool isLast)
    {
        var reader = new Utf8JsonReader(json, isLast, _state);
        while (reader.Read()) Take(ref reader);
        _state = reader.CurrentState;
        if (isLast && ((!_sawList && !_sawNull) || (_entries > 0 && _proxies.Count == 0))) throw new InvalidDataException("it holds no list of proxies");
        return (int)reader.BytesConsumed;
    }

    private int EntryDepth => _listDepth + 1;

    private void Take(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        if (_listDepth < 0)
        {
            // At the root, or a property of it.
            if (reader.TokenType == JsonTokenType.StartArray && depth <= 1) (_listDepth, _sawList) = (depth, true);
            else if (reader.TokenType == JsonTokenType.Null && depth == 0) _sawNull = true;
            return;
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.EndArray when depth == _listDepth: _listDepth = -1; break;
            case JsonTokenType.StartObject when depth == EntryDepth: _entry.Clear(); break;
            case JsonTokenType.EndObject when depth == EntryDepth: Finish(); break;
            case JsonTokenType.PropertyName when depth == EntryDepth + 1: _property = reader.GetString()!; break;
            case JsonTokenType.String when depth == EntryDepth + 1: _entry.Take(_property, ref reader); break;
            case JsonTokenType.StartObject when depth == EntryDepth + 1: _inResources = _property == "resources"; break;
            case JsonTokenType.EndObject when depth == EntryDepth + 1: _inResources = false; break;
            case JsonTokenType.PropertyName when depth == EntryDepth + 2 && _inResources: _type = reader.GetString()!; break;
            case JsonTokenType.PropertyName when depth == EntryDepth + 3 && _inResources: _property = reader.GetString()!; break;
            case JsonTokenType.String when depth == EntryDepth + 3 && _inResources: _entry.TakeResource(_type, _property, ref reader); break;
        }
    }

    private void Finish()
    {
        _entries++;
        if (_entry.Finish(istiod) is { } proxy) _proxies.Add(proxy);
        if (_proxies.Count > MostProxies) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it names more than {MostProxies} proxies"));
    }
}
