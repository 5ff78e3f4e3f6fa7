using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Builders;

/// <summary>An answer that stays in memory: whole ones as text, those in pieces line by line as they are written.</summary>
internal sealed class MemoryResponse : HttpResponse
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly MemoryStream _body = new();

    public string ContentType { get; private set; } = "";

    public byte[] Bytes => _body.ToArray();

    public string Text => Encoding.UTF8.GetString(Bytes);

    public override Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (Status != 0) throw new InvalidOperationException("An answer was begun already.");
        (Status, ContentType) = (status, contentType);
        _body.Write(body.Span);
        _lines.Writer.Complete();
        return Task.CompletedTask;
    }

    public override Task<Stream> BeginAsync(int status, string contentType, CancellationToken cancellationToken)
    {
        if (Status != 0) throw new InvalidOperationException("An answer was begun already.");
        (Status, ContentType) = (status, contentType);
        return Task.FromResult<Stream>(new Pieces(this));
    }

    public override Task<WebSocket> AcceptWebSocketAsync(string? subprotocol, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The next line of an answer in pieces; null at its end.</summary>
    public async Task<string?> LineAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _lines.Reader.WaitToReadAsync(patience.Token) ? await _lines.Reader.ReadAsync(patience.Token) : null;
    }

    private sealed class Pieces(MemoryResponse response) : MemoryStream
    {
        private string _rest = "";

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            response._body.Write(buffer.Span);
            var lines = (_rest + Encoding.UTF8.GetString(buffer.Span)).Split('\n');
            foreach (var line in lines[..^1]) response._lines.Writer.TryWrite(line);
            _rest = lines[^1];
            return ValueTask.CompletedTask;
        }

        protected override void Dispose(bool disposing)
        {
            response._lines.Writer.TryComplete();
            base.Dispose(disposing);
        }
    }
}
