using System.IO.Compression;
using System.Net.WebSockets;

namespace MeshRoll.Sandbox.Wire;

/// <summary>One request's answer on its way to the client.</summary>
/// <param name="input">Where a WebSocket reads on.</param>
/// <param name="output">Where the answer goes.</param>
/// <param name="head">The request's head.</param>
/// <param name="date">The Date header.</param>
internal sealed class HttpExchange(ConnectionInput input, ConnectionOutput output, RequestHead head, DateHeader date) : HttpResponse
{
    // Of a body no longer than this a copy costs less than a second packet.
    private const int MostCopied = 64 * 1024;

    // What a real API server holds worth the effort (defaultGzipThresholdBytes).
    private const int LeastCompressed = 128 * 1024;

    private State _state;
    private long _cutAfter = long.MaxValue;

    private enum State
    {
        Pristine,
        Begun,
        Ended,
        Upgraded,
    }

    /// <summary>Whether nothing was answered yet.</summary>
    public bool IsPristine => _state == State.Pristine;

    /// <summary>Whether the connection is a WebSocket now.</summary>
    public bool IsUpgraded => _state == State.Upgraded;

    /// <summary>Whether nothing more can be sent.</summary>
    public bool IsBroken => output.IsBroken;

    /// <summary>Whether the connection can take the next request.</summary>
    public bool MayContinue => _state == State.Ended && head.KeepAlive && !output.IsBroken;

    private bool IsHead => head.Method == "HEAD";

    /// <inheritdoc/>
    public override async Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Claim(status, State.Ended);
        var isBare = IsHead || HasNoBody(status);
        if (!isBare && ShallCompress(body)) body = Compress(body);
        AppendHead(status, contentType, HasNoBody(status) ? null : body.Length);

        var sent = isBare ? ReadOnlyMemory<byte>.Empty : body[..(int)Math.Min(body.Length, _cutAfter)];
        var copied = Math.Min(sent.Length, MostCopied);
        output.Append(sent.Span[..copied]);
        await output.FlushAsync(cancellationToken);
        if (copied < sent.Length) await output.WriteAsync(sent[copied..], cancellationToken);
        if (!isBare && sent.Length < body.Length) output.BreakOff();
    }

    /// <inheritdoc/>
    public override async Task<Stream> BeginAsync(int status, string contentType, CancellationToken cancellationToken)
    {
        Claim(status, State.Begun);
        var form = IsHead || HasNoBody(status) ? BodyForm.None : head.IsHttp10 ? BodyForm.UntilClose : BodyForm.Chunks;
        AppendHead(status, contentType, null, form);
        await output.FlushAsync(cancellationToken);
        if (_cutAfter == 0 && form != BodyForm.None) output.BreakOff();
        return new AnswerBody(output, form, () => _cutAfter, () => _state = form == BodyForm.UntilClose ? State.Begun : State.Ended);
    }

    /// <inheritdoc/>
    public override async Task<WebSocket> AcceptWebSocketAsync(string? subprotocol, CancellationToken cancellationToken)
    {
        var accept = WebSocketHandshake.Accept(head);
        Claim(101, State.Upgraded);
        input.HandOver();
        output.Append(StatusLine.Of(101));
        output.Append("Upgrade: websocket\r\nConnection: Upgrade\r\n"u8);
        AppendHeader("Sec-WebSocket-Accept", accept);
        if (subprotocol is not null) AppendHeader("Sec-WebSocket-Protocol", subprotocol);
        foreach (var (name, value) in Headers) AppendHeader(name, value);
        output.Append("\r\n"u8);
        await output.FlushAsync(cancellationToken);
        // No keep-alive of its own: on loopback a peer that left is noticed at once.
        return WebSocket.CreateFromStream(new UpgradedStream(input, output), isServer: true, subprotocol, keepAliveInterval: TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        if (_state == State.Pristine) _state = State.Begun;
        output.Reset();
    }

    /// <inheritdoc/>
    public override void CutAfter(long bytes) => _cutAfter = Math.Max(0, bytes);

    private static bool HasNoBody(int status) => status is < 200 or 204 or 304;

    private void Claim(int status, State next)
    {
        if (_state != State.Pristine) throw new InvalidOperationException("This request has been answered.");
        _state = next;
        Status = status;
    }

    private void AppendHead(int status, string contentType, int? length, BodyForm form = BodyForm.None)
    {
        output.Append(StatusLine.Of(status));
        foreach (var (name, value) in Headers) AppendHeader(name, value);
        if (contentType.Length > 0) AppendHeader("Content-Type", contentType);
        output.Append(date.Bytes);
        if (form == BodyForm.Chunks) output.Append("Transfer-Encoding: chunked\r\n"u8);
        if (length is { } known)
        {
            output.Append("Content-Length: "u8);
            output.Append(known);
            output.Append("\r\n"u8);
        }
        if (!head.KeepAlive) output.Append("Connection: close\r\n"u8);
        else if (head.IsHttp10) output.Append("Connection: keep-alive\r\n"u8);
        output.Append("\r\n"u8);
    }

    private void AppendHeader(string name, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0) throw new ArgumentException($"The value of header {name} has a line break.");
        output.Append(name);
        output.Append(": "u8);
        output.Append(value);
        output.Append("\r\n"u8);
    }

    private bool ShallCompress(ReadOnlyMemory<byte> body) => body.Length > LeastCompressed && head.Headers.AcceptsGzip && !Headers.ContainsKey("Content-Encoding");

    private ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        using var compressed = new MemoryStream(body.Length / 8);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body.Span);
        Headers["Content-Encoding"] = "gzip";
        Headers["Vary"] = "Accept-Encoding";
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }
}
