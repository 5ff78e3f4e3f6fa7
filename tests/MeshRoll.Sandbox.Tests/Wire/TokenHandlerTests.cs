using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Wire;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class TokenHandlerTests
{
    [Theory]
    [InlineData("/api/v1/pods", "Bearer right", true)]
    [InlineData("/api/v1/pods", "bearer  right", true)]
    [InlineData("/api/v1/pods", "", false)]
    [InlineData("/api/v1/pods", "Bearer wrong", false)]
    [InlineData("/api/v1/pods", "Bearer righ", false)]
    [InlineData("/api/v1/pods", "Bearer ", false)]
    [InlineData("/api/v1/pods", "Basic right", false)]
    [InlineData("/version", "", true)]
    [InlineData("/healthz", "", true)]
    [InlineData("/livez", "", true)]
    [InlineData("/readyz", "", true)]
    [InlineData("/healthz/x", "", false)]
    [InlineData("/version", "Bearer wrong", false)]
    public async Task Only_who_knows_the_token_gets_in(string path, string authorization, bool isAllowed)
    {
        await using var server = HttpServer.Start(new TokenHandler(FuncHandler.Text("hello"), "right"), new());
        using var client = new RawClient(server.Port);
        client.Send($"GET {path} HTTP/1.1\r\nHost: x\r\n{(authorization.Length == 0 ? "" : $"Authorization: {authorization}\r\n")}\r\n");
        var (status, _, body) = client.ReadAnswer();
        Assert.Equal(isAllowed ? "HTTP/1.1 200 OK" : "HTTP/1.1 401 Unauthorized", status);
        Assert.Equal(
            isAllowed ? "hello" : """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}""",
            body);
    }
}
