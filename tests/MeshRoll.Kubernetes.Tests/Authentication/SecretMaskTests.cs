using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Tests.Authentication;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("Unable to locate credentials. Run aws configure.", "Unable to locate credentials. Run aws configure.")]
    [InlineData("The SSO session has expired: run aws sso login", "The SSO session has expired: run aws sso login")]
    [InlineData("token expired at 2026-01-02T03:04:05Z", "token expired at 2026-01-02T03:04:05Z")]
    [InlineData("open /home/jane/.aws/config: no such file", "open /home/jane/.aws/config: no such file")]
    [InlineData("password=hunter2", "password=***")]
    [InlineData("{\"access_token\":\"abc\",\"expires\":1}", "{\"access_token\":\"***\",\"expires\":1}")]
    [InlineData("Authorization: Bearer abc1def2gh", "Authorization: Bearer ***")]
    [InlineData("GET https://jane:pw@example.com/x failed", "GET https://jane:***@example.com/x failed")]
    [InlineData("got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "got ***")]
    [InlineData("id AKIAIOSFODNN7EXAMPLEX", "id ***")]
    [InlineData("red \u001b[31mfailed\u001b[0m", "red  [31mfailed [0m")]
    [InlineData("", "")]
    public void What_looks_like_a_secret_is_hidden_and_the_rest_stays(string said, string shown) =>
        Assert.Equal(shown, SecretMask.Summarize(said, []));

    [Fact]
    public void A_long_line_is_cut() => Assert.Equal(301, SecretMask.Summarize(new string('x', 5000), []).Length);
}
