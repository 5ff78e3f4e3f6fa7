using System.Text;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire.Builders;

/// <summary>A handler written where it is used.</summary>
internal sealed class FuncHandler(Func<HttpRequest, HttpResponse, CancellationToken, Task> handle) : IRequestHandler
{
    /// <summary>Answers everything with this text.</summary>
    public static FuncHandler Text(string text) => new((_, response, token) => response.SendAsync(200, "text/plain", Encoding.UTF8.GetBytes(text), token));

    /// <summary>Answers with what it understood: method, path, query in its order, length of the body.</summary>
    public static FuncHandler Echo() => new((request, response, token) =>
    {
        var query = string.Join('&', request.Query.Select(pair => $"[{pair.Key}]=[{pair.Value}]"));
        return response.SendAsync(200, "text/plain", Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {query} {Encoding.UTF8.GetString(request.Body.Span)}"), token);
    });

    public Task HandleAsync(HttpRequest request, HttpResponse response, CancellationToken cancellationToken) => handle(request, response, cancellationToken);
}
