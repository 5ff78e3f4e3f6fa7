using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Sandbox.Authorizing;
using MeshRoll.Sandbox.Tests.Wire.Builders;
using MeshRoll.Sandbox.Time;
using MeshRoll.Sandbox.Wire;
using KubeConfigFile = MeshRoll.Sandbox.Wire.KubeConfigFile;

namespace MeshRoll.Sandbox.Tests.Wire;

public sealed class KubeConfigFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string FilePath => Path.Combine(_folder.FullName, "config");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_client_finds_the_sandbox_by_the_file_alone()
    {
        using var simulation = new Simulation(new());
        using var certificate = SandboxCertificate.Create(TimeProvider.System);
        var handler = new FuncHandler((_, response, token) => response.SendAsync(200, "application/json", """{"gitVersion":"v1.30.0-sandbox"}"""u8.ToArray(), token));
        await using var server = HttpServer.Start(new AuthenticatingHandler(handler, new Authenticator(new(simulation), "s3cret")), new() { Certificate = certificate.Server });
        KubeConfigFile.Write(FilePath, "demo", $"https://127.0.0.1:{server.Port}", "s3cret", certificate.CaPem);

        var connection = KubeConfig.Load(FilePath).Resolve();
        Assert.Equal(("demo", "default"), (connection.Context, connection.Namespace));
        await using var client = new ClusterClient(connection);
        Assert.Equal("v1.30.0-sandbox", await client.GetVersionAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Names_need_not_be_YAML()
    {
        KubeConfigFile.Write(FilePath, "a: \"b\" # c\\d", "http://127.0.0.1:1", "token");
        var config = KubeConfig.Load(FilePath);
        Assert.Equal(["a: \"b\" # c\\d"], config.ContextNames);
        Assert.Null(config.Resolve().Tls.CertificateAuthority);
    }

    [Fact]
    public void Nobody_else_may_read_it_and_nothing_is_left_beside_it()
    {
        File.WriteAllText(FilePath, "old and readable");
        KubeConfigFile.Write(FilePath, "demo", "http://127.0.0.1:1", "token");
        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind()
    {
        Directory.CreateDirectory(FilePath);
        Assert.ThrowsAny<Exception>(() => KubeConfigFile.Write(FilePath, "demo", "http://127.0.0.1:1", "token"));
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }
}
