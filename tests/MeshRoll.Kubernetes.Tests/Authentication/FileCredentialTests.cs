using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Authentication;

public sealed class FileCredentialTests : IDisposable
{
    private readonly ConfigDirectory _files = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_rotated_token_is_seen_within_a_minute()
    {
        var credential = TokenFile("old\n");
        Assert.Equal("old", await TokenAsync(credential));
        _files.Write("token", "new\n");

        _files.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("old", await TokenAsync(credential));
        _files.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("new", await TokenAsync(credential));
    }

    [Fact]
    public async Task A_rejected_token_is_read_again_at_once()
    {
        var credential = TokenFile("old");
        var old = await credential.GetAsync(Cancelled);
        Assert.False(await credential.RefreshAsync(old, Cancelled));

        _files.Write("token", "new");

        Assert.True(await credential.RefreshAsync(old, Cancelled));
        Assert.Equal("new", await TokenAsync(credential));
    }

    [Fact]
    public async Task A_token_file_that_vanishes_or_is_emptied_keeps_what_it_held()
    {
        var credential = TokenFile("old");
        await TokenAsync(credential);

        _files.Write("token", "");
        _files.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("old", await TokenAsync(credential));
        File.Delete(_files.In("token"));
        _files.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("old", await TokenAsync(credential));
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "is empty")]
    [InlineData("s3cret with words", "something else than one token")]
    public async Task A_token_file_that_never_held_a_token_is_told(string? content, string problem)
    {
        if (content is not null)
            _files.Write("token", content);

        var error = await Assert.ThrowsAsync<CredentialException>(async () => await new TokenFileCredential(_files.In("token"), _files.Environment).GetAsync(Cancelled));

        Assert.Equal(CredentialException.Unavailable, error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(_files.In("token"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_certificate_is_used_once_both_halves_fit()
    {
        var authority = new CertificateBuilder();
        var (oldCertificate, oldKey) = authority.ClientPem("old");
        var (newCertificate, newKey) = authority.ClientPem("new");
        _files.Write("c", oldCertificate);
        _files.Write("k", oldKey);
        var credential = _files.Load(_files.Write("config", KubeConfigText.With(user: "client-certificate: c\nclient-key: k"))).Resolve().Credential!;
        Assert.Equal("CN=old", await SubjectAsync(credential));

        _files.Write("c", newCertificate);
        _files.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=old", await SubjectAsync(credential));

        _files.Write("k", newKey);
        _files.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=new", await SubjectAsync(credential));
    }

    [Fact]
    public async Task A_rejected_certificate_is_read_again_at_once()
    {
        var authority = new CertificateBuilder();
        var (certificate, key) = authority.ClientPem("old");
        _files.Write("c", certificate);
        _files.Write("k", key);
        var credential = _files.Load(_files.Write("config", KubeConfigText.With(user: "client-certificate: c\nclient-key: k"))).Resolve().Credential!;
        var old = await credential.GetAsync(Cancelled);
        Assert.False(await credential.RefreshAsync(old, Cancelled));

        (certificate, key) = authority.ClientPem("new");
        _files.Write("c", certificate);
        _files.Write("k", key);

        Assert.True(await credential.RefreshAsync(old, Cancelled));
        Assert.Equal("CN=new", await SubjectAsync(credential));
    }

    [Fact]
    public async Task A_certificate_file_that_is_missing_is_named()
    {
        var credential = _files.Load(_files.Write("config", KubeConfigText.With(user: "client-certificate: c\nclient-key: k"))).Resolve().Credential!;

        var error = await Assert.ThrowsAsync<CredentialException>(async () => await credential.GetAsync(Cancelled));

        Assert.Equal(CredentialException.Unavailable, error.Id);
        Assert.Contains(_files.In("c"), error.Message, StringComparison.Ordinal);
    }

    private TokenFileCredential TokenFile(string content) => new(_files.Write("token", content), _files.Environment);

    private static async Task<string?> TokenAsync(ICredential credential) => (await credential.GetAsync(Cancelled)).Authorization?.Parameter;

    private static async Task<string?> SubjectAsync(ICredential credential) => (await credential.GetAsync(Cancelled)).ClientCertificate?.Subject;
}
