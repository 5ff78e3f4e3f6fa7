using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Accepting;
using MeshRoll.Sandbox.Api.Versions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Protobuf;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Api;

/// <summary>
/// The events of a watch, collected until they are sent: lines of JSON, or in protobuf frames of a length (four bytes, big-endian) and a meta/v1
/// WatchEvent (type = 1, object = 2, whose raw = 1 is an envelope).
/// </summary>
/// <param name="call">The request.</param>
/// <param name="selection">Which objects are in view.</param>
/// <param name="now">The time in the sandbox, for ages in tables.</param>
internal sealed class WatchFrames(ApiCall call, Selection selection, Func<DateTimeOffset> now)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly ProtobufBuffer _frame = new(8192);
    private bool _columnsAreSaid;

    /// <summary>The media type of the whole watch.</summary>
    public string ContentType => call.Form.IsProtobuf ? $"{AcceptHeader.Protobuf};stream=watch" : AcceptHeader.Json;

    /// <summary>What is to be sent.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>It is sent.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>An object of the state in which the watch begins.</summary>
    public void Present(StoredObject stored)
    {
        if (selection.Matches(stored)) Write("ADDED", stored);
    }

    /// <summary>A change, as it looks through the selectors: an object that comes into view is added, one that leaves it is deleted.</summary>
    public void Change(StoreChange change)
    {
        if (call.Namespace.Length > 0 && change.Object.Namespace != call.Namespace) return;
        var now = change.Type != ChangeType.Deleted && selection.Matches(change.Object);
        var before = change.Before is not null && selection.Matches(change.Before);
        switch ((before, now))
        {
            case (false, true): Write("ADDED", change.Object); break;
            case (true, true): Write("MODIFIED", change.Object); break;
            // What is out of view is shown as it was last in view, under the version of the change.
            case (true, false): Write("DELETED", change.Type == ChangeType.Deleted ? change.Object : change.Before!.At(change.Version)); break;
        }
    }

    /// <summary>Says that everything up to a version was seen.</summary>
    /// <param name="version">The version.</param>
    /// <param name="endsInitialEvents">Whether it also says that the initial state is complete.</param>
    public void Bookmark(long version, bool endsInitialEvents = false)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (endsInitialEvents) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var json = PlainJson.Bytes(new JsonObject { ["kind"] = call.Resource.Kind, ["apiVersion"] = call.ApiVersion, ["metadata"] = metadata });
        if (call.Form.IsTable) Write("BOOKMARK", call.Form.EmptyTable(call.Resource, version.ToString(CultureInfo.InvariantCulture), TakeColumns()).Span);
        else Write("BOOKMARK", call.Form.IsPlain ? json : call.Form.Single(call.Resource, json, default).Span);
    }

    /// <summary>Says why the watch cannot go on.</summary>
    public void Error(Writing.ApiStatusException refusal)
    {
        var json = PlainJson.Bytes(StatusDocument.Of(refusal));
        Write("ERROR", call.Form.IsProtobuf ? ProtobufDocument.Status(json).Span : json);
    }

    private void Write(string type, StoredObject stored)
    {
        if (call.Form.IsPlainProtobuf)
        {
            WriteFrame(type, stored, static (frame, stored) => ProtobufDocument.WriteObject(frame, stored));
            return;
        }
        var json = ServedVersions.Json(stored, call.Version);
        Write(type, call.Form.IsPlain ? json.Span : call.Form.Single(call.Resource, json, now(), TakeColumns()).Span);
    }

    /// <summary>The first table of a watch says the columns, the others only rows.</summary>
    private bool TakeColumns()
    {
        var first = !_columnsAreSaid;
        _columnsAreSaid = true;
        return first;
    }

    private void Write(string type, ReadOnlySpan<byte> document)
    {
        if (call.Form.IsProtobuf)
        {
            WriteFrame(type, document.ToArray(), static (frame, document) => frame.Raw(document));
            return;
        }
        _buffer.Write("{\"type\":\""u8);
        Encoding.ASCII.GetBytes(type, _buffer);
        _buffer.Write("\",\"object\":"u8);
        _buffer.Write(document);
        _buffer.Write("}\n"u8);
    }

    private void WriteFrame<T>(string type, T content, Action<ProtobufBuffer, T> write)
    {
        _frame.Clear();
        _frame.Text(1, type);
        var (item, raw) = (_frame.Open(2), _frame.Open(1));
        write(_frame, content);
        _frame.Close(raw);
        _frame.Close(item);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), _frame.Written.Length);
        _buffer.Advance(4);
        _buffer.Write(_frame.Written.Span);
    }
}
