using System.Net.WebSockets;

namespace MeshRoll.Sandbox.Wire;

/// <summary>Takes the answer to one request: whole, in pieces, or as a WebSocket.</summary>
internal abstract class HttpResponse
{
    /// <summary>The status of the answer; 0 until one was begun. The request log reads it.</summary>
    public int Status { get; protected set; }

    /// <summary>Headers to be sent with the answer besides Content-Type, Content-Length and Date.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of the injected fault this answer suffered from; empty for none. The request log reads it.</summary>
    public string Fault { get; set; } = "";

    /// <summary>Sends a whole answer.</summary>
    public abstract Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Begins an answer of unknown length. Every write to the stream reaches the client at once; disposing ends the answer properly.</summary>
    public abstract Task<Stream> BeginAsync(int status, string contentType, CancellationToken cancellationToken);

    /// <summary>Answers an upgrade with a WebSocket of this subprotocol.</summary>
    public abstract Task<WebSocket> AcceptWebSocketAsync(string? subprotocol, CancellationToken cancellationToken);

    /// <summary>Breaks the connection off at once, without an end that a client could take for a proper one.</summary>
    public virtual void Abort() => throw new NotSupportedException("This answer cannot be broken off.");

    /// <summary>Breaks the answer off as soon as this many bytes of its body were sent. A shorter one is not harmed.</summary>
    public virtual void CutAfter(long bytes) => throw new NotSupportedException("This answer cannot be broken off.");
}
