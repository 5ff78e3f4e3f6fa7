using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Configuration;

public sealed class KubeConfigUserTests : IDisposable
{
    private static readonly CertificateBuilder s_authority = new();

    private readonly ConfigDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("token: abc", "Bearer abc")]
    [InlineData("token: 12345", "Bearer 12345")]
    [InlineData("username: jane\npassword: pass:word", "Basic amFuZTpwYXNzOndvcmQ=")]
    [InlineData("username: jane", "Basic amFuZTo=")]
    [InlineData("token: abc\nexec: {apiVersion: client.authentication.k8s.io/v1, command: never-run}", "Bearer abc")]
    public async Task A_user_is_presented_in_a_header(string user, string header) =>
        Assert.Equal(header, (await PresentAsync(user)).Authorization?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("token: ''")]
    [InlineData("token: null")]
    public void A_user_without_credential_is_anonymous(string user) => Assert.Null(Resolve(user).Credential);

    [Fact]
    public async Task A_token_file_beside_the_kubeconfig_goes_before_a_token()
    {
        _files.Write("token.txt", "from-file\n");

        Assert.Equal("from-file", (await PresentAsync("token: abc\ntokenFile: token.txt")).Authorization?.Parameter);
    }

    [Theory]
    [InlineData("-data")]
    [InlineData("")]
    public async Task A_client_certificate_is_read_from_data_or_files(string suffix)
    {
        var (certificate, key) = s_authority.ClientPem("jane");
        _files.Write("jane.crt", certificate);
        _files.Write("jane.key", key);

        var user = suffix.Length == 0
            ? "client-certificate: jane.crt\nclient-key: jane.key"
            : $"client-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}";

        var material = await PresentAsync(user);
        Assert.Equal("CN=jane", material.ClientCertificate?.Subject);
        Assert.True(material.ClientCertificate!.HasPrivateKey);
        Assert.Null(material.Authorization);
    }

    [Fact]
    public async Task A_certificate_and_a_token_are_presented_together()
    {
        var (certificate, key) = s_authority.ClientPem("jane");

        var material = await PresentAsync($"token: abc\nclient-certificate-data: {Base64(certificate)}\nclient-key-data: {Base64(key)}");

        Assert.Equal("CN=jane", material.ClientCertificate?.Subject);
        Assert.Equal("abc", material.Authorization?.Parameter);
    }

    [Fact]
    public async Task Every_common_form_of_a_key_is_read()
    {
        using var rsa = RSA.Create(2048);
        var certificate = s_authority.ClientWithRsa(rsa).ExportCertificatePem();
        using var ec = s_authority.Client("ec");
        var curve = ec.GetECDsaPrivateKey()!;

        foreach (var (pem, key) in new[]
        {
            (certificate, rsa.ExportRSAPrivateKeyPem()),
            (certificate, rsa.ExportPkcs8PrivateKeyPem()),
            (ec.ExportCertificatePem(), curve.ExportECPrivateKeyPem()),
            (ec.ExportCertificatePem(), curve.ExportPkcs8PrivateKeyPem()),
        })
        {
            var material = await PresentAsync($"client-certificate-data: {Base64(pem)}\nclient-key-data: {Base64(key)}");
            Assert.True(material.ClientCertificate!.HasPrivateKey);
        }
    }

    [Fact]
    public async Task Intermediates_are_sent_along()
    {
        var (certificate, key) = s_authority.ClientPem("jane");

        var material = await PresentAsync($"client-certificate-data: {Base64(certificate + "\n" + s_authority.RootPem)}\nclient-key-data: {Base64(key)}");

        Assert.Equal("CN=jane", material.ClientCertificate?.Subject);
        Assert.Equal("CN=test root", Assert.Single(material.ClientCertificateChain).Subject);
    }

    [Fact]
    public void Keys_that_cannot_be_used_are_told_without_showing_them()
    {
        var (certificate, key) = s_authority.ClientPem();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encrypted = other.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 10));

        foreach (var (pem, keyPem, problem) in new[]
        {
            (certificate, other.ExportECPrivateKeyPem(), "belongs to another certificate"),
            (certificate, encrypted, "passphrase"),
            (certificate, "nonsense", "no private key"),
            (certificate, key.Replace('M', 'N'), "damaged"),
            ("nonsense", key, "no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", key, "damaged"),
        })
        {
            var error = _files.Fails(KubeConfigText.With(user: $"client-certificate-data: {Base64(pem)}\nclient-key-data: {Base64(keyPem)}"));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(keyPem.Split('\n').Skip(1).FirstOrDefault("nonsense"), error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("token: abc\nusername: s3cret", "contradicts")]
    [InlineData("password: s3cret", "without a 'username'")]
    [InlineData("username: 's3:cret'", "colon")]
    [InlineData("token: \"s3cret\\nline\"", "characters")]
    [InlineData("token: [s3cret]", "must be a text")]
    [InlineData("client-certificate-data: aGVsbG8=", "no key")]
    [InlineData("client-key-data: aGVsbG8=", "no certificate")]
    [InlineData("client-key-data: 's3cret!'", "Base64")]
    [InlineData("auth-provider: {name: gcp}", "1.26")]
    [InlineData("as-groups: [s3cret]", "Add 'as'")]
    [InlineData("as: \"s3cret\\r\\nX: y\"", "control character")]
    [InlineData("as: a\nas-groups: s3cret", "must be a list")]
    [InlineData("as: a\nas-user-extra: {k: [\"s3cret\\n\"]}", "control character")]
    [InlineData("exec: {command: s3cret}", "apiVersion")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: s3cret}", "neither")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1}", "no 'command'")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: s3cret}", "interactiveMode")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{name: 'a=b', value: s3cret}]}", "environment variable")]
    [InlineData("exec: [s3cret]", "must be a map")]
    public void A_user_that_makes_no_sense_is_told_without_a_value(string user, string problem)
    {
        var error = _files.Fails(KubeConfigText.With(user: user));

        Assert.Equal(KubeConfigException.Invalid, error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line!.Value, 14, 18);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Impersonation_is_read()
    {
        var impersonation = Resolve("token: t\nas: jane\nas-uid: u-1\nas-groups: [devs, ops]\nas-user-extra: {scopes: [view, edit]}").Impersonation!;

        Assert.Equal("jane", impersonation.User);
        Assert.Equal("u-1", impersonation.Uid);
        Assert.Equal(["devs", "ops"], impersonation.Groups);
        Assert.Equal(["view", "edit"], impersonation.Extra["scopes"]);
    }

    [Fact]
    public async Task A_credential_shows_nothing_of_itself()
    {
        var connection = Resolve("token: s3cret");

        Assert.DoesNotContain("s3cret", connection.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", (await connection.Credential!.GetAsync(TestContext.Current.CancellationToken)).ToString(), StringComparison.Ordinal);
    }

    private async Task<CredentialMaterial> PresentAsync(string user) => await Resolve(user).Credential!.GetAsync(TestContext.Current.CancellationToken);

    private ClusterConnection Resolve(string user) => _files.Load(_files.Write("config", KubeConfigText.With(user: user))).Resolve();

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
