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
        await using var nobody = new ClusterClient(sandbox.Connection with { Credential = null });

        Assert.Equal("default", (await NamespaceAsync(admin)).Metadata.Name);
        var refused = await Assert.ThrowsAsync<ApiException>(() => NamespaceAsync(nobody));

        Assert.True(refused.Code is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"it answered {refused.Code}");
        Assert.Contains(sandbox.Requests, request => request.Path == "/api/v1/namespaces/default");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_connection_says_what_the_kubeconfig_says_and_goes_its_way_too(bool tls)
    {
        await using var sandbox = SandboxCluster.Start(new() { World = BuiltInWorlds.Find("Minimal"), Tls = tls });
        var (told, read) = (sandbox.Connection, KubeConfig.Load(sandbox.KubeConfigPath).Resolve());

        Assert.Equal((read.Name, read.Context, read.User, read.Namespace, read.Server), (told.Name, told.Context, told.User, told.Namespace, told.Server));
        Assert.Equal(read.Tls.CertificateAuthority?.Single().RawData, told.Tls.CertificateAuthority?.Single().RawData);
        Assert.Equal(tls, told.Tls.CertificateAuthority is not null);
        Assert.NotEqual(true, told.Tls.CertificateAuthority?.Single().HasPrivateKey);
        Assert.Equal((await read.Credential!.GetAsync(Cancel)).Authorization, (await told.Credential!.GetAsync(Cancel)).Authorization);
        Assert.Equal(sandbox.SocketPath, told.SocketPath);
        await using var client = new ClusterClient(told with { SocketPath = null });
        Assert.Equal("default", (await NamespaceAsync(client)).Metadata.Name);
    }

    [Fact]
    public async Task Faults_on_the_wire_meet_who_comes_this_way_too()
    {
        await using var sandbox = Start();
        await using var client = new ClusterClient(sandbox.Connection, new() { MaxRetries = 0 });
        sandbox.SetFault(new WireFault { Name = "cut", Action = new WireAction.Cut() });

        var lost = await Assert.ThrowsAsync<ClusterUnreachableException>(() => NamespaceAsync(client));

        Assert.Equal(ClusterUnreachableException.Lost, lost.Id);
    }

    [Fact]
    public async Task A_server_that_is_away_refuses_and_is_found_again_when_it_is_back()
    {
        await using var sandbox = Start();
        await using var client = new ClusterClient(sandbox.Connection, new() { MaxRetries = 0 });
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

    private static Task<Namespace> NamespaceAsync(ClusterClient client) => client.GetAsync(Resources.Namespaces, "", "default", Cancel);

    private static ClusterClient Client(SandboxCluster sandbox) => new(sandbox.Connection);
}
