using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Kubernetes.Tests.Transport;

/// <summary>Short ways to a transport and to a request.</summary>
internal static class TransportBuilder
{
    /// <summary>No proxy from the machine the tests run on.</summary>
    public static TransportOptions Options { get; } = new() { EnvironmentVariable = _ => null };

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static ClusterConnection To(LoopbackServer server, TlsSettings? tls = null) => new() { Name = "test", Server = server.Address, Tls = tls ?? new() };

    public static async Task<string> ReadAsync(this ClusterTransport transport, string path = "version")
    {
        using var response = await transport.GetAsync(path);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    public static Task<HttpResponseMessage> GetAsync(this ClusterTransport transport, string path = "version") =>
        transport.SendAsync(() => new(HttpMethod.Get, new Uri(path, UriKind.Relative)), Replay.Safe, Cancelled);

    public static Task<HttpResponseMessage> PatchAsync(this ClusterTransport transport, Replay replay) =>
        transport.SendAsync(() => new(HttpMethod.Patch, new Uri("api/v1/x", UriKind.Relative)) { Content = new StringContent("{}") }, replay, Cancelled);

    /// <summary>The error a request ends with, checked not to hold <paramref name="secrets"/>.</summary>
    public static async Task<T> FailsAsync<T>(Func<Task> act, params string[] secrets) where T : MeshRollException
    {
        var error = await Assert.ThrowsAsync<T>(act);
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);

        return error;
    }
}
