using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Authorizing;

/// <summary>Asks a handler as somebody, without a server.</summary>
internal static class Asking
{
    public static async Task<MemoryResponse> AskAsync(
        this IRequestHandler handler, string method, string target, string? token = null, string body = "", params (string Name, string Value)[] headers)
    {
        var request = TestServer.Request(method, target, body, method == "PATCH" ? "application/merge-patch+json" : "application/json", "");
        var all = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        if (token is not null) all["Authorization"] = $"Bearer {token}";
        foreach (var (name, value) in headers) all[name] = value;
        var response = new MemoryResponse();
        await handler.HandleAsync(request with { Headers = all }, response, TestContext.Current.CancellationToken);
        return response;
    }
}
