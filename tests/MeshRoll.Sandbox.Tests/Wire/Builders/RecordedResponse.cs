using System.Net.WebSockets;
using System.Text;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire.Builders;

/// <summary>An answer that goes nowhere and can be read afterwards.</summary>
internal sealed class RecordedResponse : HttpResponse
{
    private readonly MemoryStream _body = new();

    public string ContentType { get; private set; } = "";

    public bool IsAborted { get; private set; }

    public long? CutAt { get; private set; }

    public string Body => Encoding.UTF8.GetString(_body.ToArray());

    public override Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        (Status, ContentType) = (status, contentType);
        _body.Write(body.Span);
        return Task.CompletedTask;
    }

    public override Task<Stream> BeginAsync(int status, string contentType, CancellationToken cancellationToken)
    {
        (Status, ContentType) = (status, contentType);
        return Task.FromResult<Stream>(_body);
    }

    public override Task<WebSocket> AcceptWebSocketAsync(string? subprotocol, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override void Abort() => IsAborted = true;

    public override void CutAfter(long bytes) => CutAt = bytes;
}
