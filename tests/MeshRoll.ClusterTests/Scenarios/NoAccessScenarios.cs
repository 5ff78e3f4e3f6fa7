using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshRoll.ClusterTests.World;

namespace MeshRoll.ClusterTests.Scenarios;

public sealed class NoAccessOnARealControlPlane(RealWorld world) : NoAccessScenarios(world);

public sealed class NoAccessInTheSandbox(EmbeddedWorld world) : NoAccessScenarios(world);

public abstract class NoAccessScenarios(ClusterWorld world) : RunnerScenario(world), IDisposable
{
    private readonly string _kubeConfig = Path.Combine(Path.GetTempPath(), $"meshroll-{Guid.NewGuid():n}.yaml");

    [Theory]
    [InlineData("MeshRoll.ContextNotFound", "meshroll-test", "sidecars", "--context", "nowhere")]
    [InlineData("MeshRoll.NamespaceNotFound", "nowhere", "sidecars", "--namespace", "nowhere")]
    [InlineData("MeshRoll.WorkloadNotFound", "nobody", "restart", "--name", "deploy/nobody")]
    [InlineData("MeshRoll.KubeConfigNotFound", "/nowhere/config", "sidecars", "--kubeconfig", "/nowhere/config")]
    [InlineData("MeshRoll.SelectorInvalid", "app=(", "sidecars", "--label-selector", "app=(")]
    [InlineData("MeshRoll.NameInvalid", "gizmo", "sidecars", "--name", "gizmo/web")]
    public async Task What_is_not_there_or_makes_no_sense_is_exit_code_2_and_one_sentence(string id, string names, params string[] arguments) =>
        AssertOneSentence(await RunAsync(arguments), id, names);

    [Fact]
    public async Task A_half_written_kubeconfig_is_named_with_its_line()
    {
        var whole = await File.ReadAllTextAsync(World.KubeConfigPath, Cancelled);
        await File.WriteAllTextAsync(_kubeConfig, whole[..(whole.Length / 2)] + "\n  - [", Cancelled);
        AssertOneSentence(await RunAsync("sidecars", "--kubeconfig", _kubeConfig), "MeshRoll.KubeConfigInvalid", _kubeConfig);
    }

    [Fact]
    public async Task A_token_the_server_does_not_know_any_more_is_told_as_such_and_not_shown()
    {
        await EditKubeConfigAsync(World.AdminToken, "an-expired-token");
        var seen = await RunAsync("sidecars", "--kubeconfig", _kubeConfig);
        AssertOneSentence(seen, "MeshRoll.Unauthorized", "token");
        Assert.DoesNotContain("an-expired-token", seen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_another_authority_signed_is_refused()
    {
        await EditKubeConfigAsync(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(World.CaPem)), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(OtherAuthority())));
        AssertOneSentence(await RunAsync("sidecars", "--kubeconfig", _kubeConfig), "MeshRoll.CertificateUntrusted", World.Server.Authority);
    }

    [Fact]
    public async Task Without_the_right_to_list_pods_verb_resource_and_namespace_are_named()
    {
        var (code, _, error) = await RunAsync("sidecars", "--kubeconfig", World.CreateUser("default").KubeConfigPath);
        Assert.Equal(2, code);
        Assert.Contains(error.Split('\n'), line => line.Contains("[MeshRoll.Forbidden]", StringComparison.Ordinal)
            && line.Contains("list", StringComparison.Ordinal) && line.Contains("pods", StringComparison.Ordinal) && line.Contains("default", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        File.Delete(_kubeConfig);
        GC.SuppressFinalize(this);
    }

    private async Task EditKubeConfigAsync(string what, string by)
    {
        var text = await File.ReadAllTextAsync(World.KubeConfigPath, Cancelled);
        Assert.Contains(what, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_kubeConfig, text.Replace(what, by, StringComparison.Ordinal), Cancelled);
    }

    private static string OtherAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody else", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    private static void AssertOneSentence((int Code, string Out, string Error) seen, string id, string names)
    {
        Assert.True(seen.Code == 2, $"{seen.Code}: {seen.Error}");
        var line = Assert.Single(seen.Error.Trim().Split('\n'));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.EndsWith($"[{id}]", line, StringComparison.Ordinal);
        Assert.Contains(names, line, StringComparison.Ordinal);
    }
}
