using System.Text;

namespace MeshRoll.Kubernetes.Tests.PortForwarding;

/// <summary>What an API server sends over a WebSocket that forwards port 15014, byte by byte as RFC 6455 has it.</summary>
internal static class Frames
{
    public const int Port = 15014;
    private const byte PortLow = Port & 0xff;
    private const byte PortHigh = Port >> 8;

    /// <summary>What a real one begins with: the port's number on both channels.</summary>
    public static byte[] Begin { get; } = [.. Message(0, [PortLow, PortHigh]), .. Message(1, [PortLow, PortHigh])];

    /// <summary>A goodbye without complaints.</summary>
    public static byte[] Goodbye { get; } = Close(1000);

    /// <summary>A whole message on a channel.</summary>
    public static byte[] Message(byte channel, params byte[] data) => Frame(0x82, [channel, .. data]);

    /// <summary>Text as a message of the data channel.</summary>
    public static byte[] Data(string text) => Message(0, Encoding.UTF8.GetBytes(text));

    /// <summary>Text as a message of the error channel.</summary>
    public static byte[] Error(string text) => Message(1, Encoding.UTF8.GetBytes(text));

    /// <summary>A message in as many frames as it has bytes.</summary>
    public static byte[] InFragments(byte channel, byte[] data)
    {
        byte[] message = [channel, .. data];
        var frames = new List<byte>();
        for (var i = 0; i < message.Length; i++)
        {
            var opcode = i == 0 ? 0x02 : 0x00;
            var final = i == message.Length - 1 ? 0x80 : 0x00;
            frames.AddRange(Frame((byte)(opcode | final), [message[i]]));
        }
        return [.. frames];
    }

    /// <summary>A goodbye with a status, and words.</summary>
    public static byte[] Close(ushort status, string words = "") => Frame(0x88, [(byte)(status >> 8), (byte)status, .. Encoding.UTF8.GetBytes(words)]);

    /// <summary>A ping.</summary>
    public static byte[] Ping { get; } = Frame(0x89, "there?"u8.ToArray());

    /// <summary>A message of text.</summary>
    public static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    /// <summary>An answer in HTTP.</summary>
    public static string Http(string body, string status = "200 OK") =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private static byte[] Frame(byte head, byte[] payload) => payload.Length switch
    {
        < 126 => [head, (byte)payload.Length, .. payload],
        <= ushort.MaxValue => [head, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
        _ => [head, 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload],
    };
}
