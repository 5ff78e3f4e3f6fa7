using System.Buffers.Binary;
using System.Text;

namespace MeshRoll.Sandbox.Wire.Faults;

/// <summary>The event with which an API server ends a watch that it cannot continue: ERROR with a Status 410, in the watch's own format.</summary>
internal static class ExpiredEvent
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string Reason = "Expired";

    // What a real server says when the history was compacted.
    private const string Message = "The resourceVersion for the provided watch is too old.";

    /// <summary>The content type of a watch that has only this one event, as the client would have it.</summary>
    public static string ContentTypeFor(HttpRequest request) =>
        request.Header("Accept").Contains(Protobuf, StringComparison.Ordinal) ? $"{Protobuf};stream=watch" : "application/json";

    /// <summary>The event's bytes for a watch of this content type.</summary>
    public static byte[] Write(string contentType) => contentType.StartsWith(Protobuf, StringComparison.Ordinal) ? Frame() : Line();

    private static byte[] Line() => [.. """{"type":"ERROR","object":"""u8, .. StatusBody.Write(410, Reason, Message), .. "}\n"u8];

    // A frame is its length (four bytes, big-endian) and a meta/v1 WatchEvent: type = 1, object = 2, whose raw = 1 is an envelope.
    private static byte[] Frame()
    {
        byte[] status = [.. Field(2, "Failure"u8), .. Field(3, Encoding.UTF8.GetBytes(Message)), .. Field(4, Encoding.UTF8.GetBytes(Reason)), .. Number(6, 410)];
        // The envelope: four bytes of magic and a runtime.Unknown, typeMeta = 1 (apiVersion = 1, kind = 2), raw = 2.
        byte[] envelope = [.. "k8s\0"u8, .. Field(1, [.. Field(1, "v1"u8), .. Field(2, "Status"u8)]), .. Field(2, status), .. Field(3, default), .. Field(4, default)];
        byte[] item = [.. Field(1, "ERROR"u8), .. Field(2, Field(1, envelope))];
        var frame = new byte[4 + item.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, item.Length);
        item.CopyTo(frame, 4);
        return frame;
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int number, int value) => [(byte)(number << 3), .. Varint(value)];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
