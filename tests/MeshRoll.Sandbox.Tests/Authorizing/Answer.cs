using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Authorizing;

/// <summary>An answer kept in memory: handlers are asked without a server.</summary>
internal sealed class Answer : HttpResponse
{
    public string Text { get; private set; } = "";

    public JsonNode Json => JsonNode.Parse(Text)!;

    public static async Task<Answer> OfAsync(IRequestHandler handler, string method, string target, string? token = null, string body = "", params (string Name, string Value)[] headers)
    {
        var parts = target.Split('?');
        var all = headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        if (token is not null) all["Authorization"] = $"Bearer {token}";
        if (body.Length > 0) all.TryAdd("Content-Type", "application/json");
        KeyValuePair<string, string>[] query = parts.Length == 1 ? [] : [.. parts[1].Split('&').Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
        var answer = new Answer();
        await handler.HandleAsync(new() { Method = method, Path = parts[0], Query = query, Headers = all, Body = Encoding.UTF8.GetBytes(body) }, answer, TestContext.Current.CancellationToken);
        return answer;
    }

    public override Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Status = status;
        Text = Encoding.UTF8.GetString(body.Span);
        return Task.CompletedTask;
    }

    public override Task<Stream> BeginAsync(int status, string contentType, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task<WebSocket> AcceptWebSocketAsync(string? subprotocol, CancellationToken cancellationToken) => throw new NotSupportedException();
}
