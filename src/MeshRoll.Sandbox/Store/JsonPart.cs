using System.Text.Json;

namespace MeshRoll.Sandbox.Store;

/// <summary>A part of a stored object as JSON, never changed: versions of the object that have it in common share it, and so do the pods of one template.</summary>
internal class JsonPart
{
    private volatile byte[]? _json;
    private object? _view;
    private byte[]? _protobuf;

    /// <param name="json">The part's UTF-8.</param>
    public JsonPart(byte[] json) => _json = json;

    /// <summary>One that is written when somebody wants to read it.</summary>
    protected JsonPart()
    {
    }

    /// <summary>The part's UTF-8.</summary>
    public byte[] Json
    {
        get
        {
            if (_json is { } written) return written;
            // Whoever comes at the same time writes the same.
            var json = Write();
            _json = json;
            OnWritten();
            return json;
        }
    }

    /// <summary>The part as a document.</summary>
    public JsonDocument Parse() => JsonDocument.Parse(Json);

    /// <summary>What a reader needs of the part, read once and kept with it; T must be the same for all readers of this part.</summary>
    public T As<T>(Func<JsonPart, T> read) where T : class
    {
        if (_view is T known) return known;
        var view = read(this);
        _view = view;
        return view;
    }

    /// <summary>The part in protobuf, encoded once and kept with it; always by the same schema.</summary>
    public byte[] InProtobuf(Func<JsonPart, byte[]> encode) => _protobuf ??= encode(this);

    /// <summary>Whether it says the same, letter by letter.</summary>
    public bool Says(ReadOnlySpan<byte> json) => json.SequenceEqual(Json);

    /// <summary>Writes the part's UTF-8, always the same. May be called from anywhere, and by several at a time.</summary>
    protected virtual byte[] Write() => throw new InvalidOperationException("What is written late has to say how.");

    /// <summary>It is written: what it was written from is not needed any more.</summary>
    protected virtual void OnWritten()
    {
    }
}

/// <summary>A part that is written when somebody wants to read it.</summary>
/// <param name="write">Writes the part's UTF-8, always the same; may be called from anywhere.</param>
internal sealed class LateJsonPart(Func<byte[]> write) : JsonPart
{
    private volatile Func<byte[]>? _write = write;

    /// <inheritdoc/>
    protected override byte[] Write() => _write?.Invoke() ?? Json;

    /// <inheritdoc/>
    protected override void OnWritten() => _write = null;
}
