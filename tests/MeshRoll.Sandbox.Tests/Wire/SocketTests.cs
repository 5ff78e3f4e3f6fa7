using System.Net;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Transport;
using MeshRoll.Sandbox.Wire;
using MeshRoll.Sandbox.Wire.Faults;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Tests.Wire;

/// <summary>The way into a sandbox for those who live in its process: the same API behind a Unix socket, without TLS.</summary>
public sealed class SocketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_API_answers_there_and_asks_for_the_same_token()
    {
        await using var sandbox = Start();
        await using var admin = Client(sandbox);
        await using var nobody = new ClusterClient(Connection(sandbox) with { Credential = null });

        Assert.Equal("default", (await NamespaceAsync(admin)).Metadata.Name);
        var refused = await Assert.ThrowsAsync<ApiException>(() => NamespaceAsync(nobody));

        Assert.True(refused.Code is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"it answered {refused.Code}");
        Assert.Contains(sandbox.Requests, request => request.Path == "/api/v1/namespaces/default");
    }

    [Fact]
    public async Task Faults_on_the_wire_meet_who_comes_this_way_too()
    {
        await using var sandbox = Start();
        await using var client = new ClusterClient(Connection(sandbox), new() { MaxRetries = 0 });
        sandbox.SetFault(new WireFault { Name = "cut", Action = new WireAction.Cut() });

        var lost = await Assert.ThrowsAsync<ClusterUnreachableException>(() => NamespaceAsync(client));

        Assert.Equal(ClusterUnreachableException.Lost, lost.Id);
    }

    [Fact]
    public async Task A_server_that_is_away_refuses_and_is_found_again_when_it_is_back()
    {
        await using var sandbox = Start();
        await using var client = new ClusterClient(Connection(sandbox), new() { MaxRetries = 0 });
        var restarting = sandbox.RestartServerAsync(TimeSpan.FromSeconds(1), Cancel);
        while (File.Exists(sandbox.SocketPath)) await Task.Delay(5, Cancel);

        var refused = await Assert.ThrowsAsync<ClusterUnreachableException>(() => NamespaceAsync(client));
        await restarting;

        Assert.Equal(ClusterUnreachableException.Unreachable, refused.Id);
        Assert.Contains("refuse", refused.Message, StringComparison.Ordinal);
        Assert.Equal("default", (await NamespaceAsync(client)).Metadata.Name);
    }

    [Fact]
    public async Task With_the_sandbox_it_goes()
    {
        string? path;
        await using (var sandbox = Start())
        {
            path = sandbox.SocketPath;
            Assert.True(File.Exists(path));
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_folder_too_deep_for_a_socket_gets_none() => Assert.Null(WireSocket.Below("/" + new string('d', 120)));

    private static SandboxCluster Start() => SandboxCluster.Start(new() { World = BuiltInWorlds.Find("Minimal") });

    private static ClusterConnection Connection(SandboxCluster sandbox) => KubeConfig.Load(sandbox.KubeConfigPath).Resolve() with { SocketPath = sandbox.SocketPath };

    private static Task<Namespace> NamespaceAsync(ClusterClient client) => client.GetAsync(Resources.Namespaces, "", "default", Cancel);

    private static ClusterClient Client(SandboxCluster sandbox) => new(Connection(sandbox));
}
