using System.Text.Json;
using MeshRoll.Kubernetes.Tests.Builders;

namespace MeshRoll.Kubernetes.Tests.Authentication;

public sealed class ExecCredentialTests : IDisposable
{
    private readonly PluginScript _plugin = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _plugin.Dispose();

    [Theory]
    [InlineData("client.authentication.k8s.io/v1")]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task A_plugins_token_is_presented(string apiVersion)
    {
        var credential = _plugin.Credential(PluginScript.Print("""{"token":"t1"}""", apiVersion), apiVersion: apiVersion);

        Assert.Equal("Bearer t1", (await credential.GetAsync(Cancelled)).Authorization?.ToString());
    }

    [Fact]
    public async Task A_plugins_certificate_is_presented()
    {
        var (certificate, key) = new CertificateBuilder().ClientPem("jane");
        var status = $$"""{"clientCertificateData":{{JsonSerializer.Serialize(certificate)}},"clientKeyData":{{JsonSerializer.Serialize(key)}}}""";
        var credential = _plugin.Credential($"cat <<'END'\n{{\"kind\":\"ExecCredential\",\"apiVersion\":\"{PluginScript.V1}\",\"status\":{status}}}\nEND");

        var material = await credential.GetAsync(Cancelled);

        Assert.Equal("CN=jane", material.ClientCertificate?.Subject);
        Assert.Null(material.Authorization);
    }

    [Fact]
    public async Task A_plain_name_is_looked_for_in_path_only()
    {
        var credential = _plugin.Credential(PluginScript.Print("""{"token":"t1"}"""), command: "plugin");

        Assert.Equal("t1", (await credential.GetAsync(Cancelled)).Authorization?.Parameter);
    }

    [Fact]
    public async Task Arguments_reach_the_program_untouched_and_variables_only_the_program()
    {
        var credential = _plugin.Credential(
            $"printf '%s|' \"$@\" > '{_plugin.In("seen")}'; printf '%s' \"$SPECIAL\" >> '{_plugin.In("seen")}'\n" + PluginScript.Print("""{"token":"t1"}"""),
            "args: ['a b', '$(id)', '\"q\"', '*', '']\nenv: [{name: SPECIAL, value: 'x;y $z'}]");

        await credential.GetAsync(Cancelled);

        Assert.Equal("""a b|$(id)|"q"|*||x;y $z""", await File.ReadAllTextAsync(_plugin.In("seen"), Cancelled));
        Assert.Null(Environment.GetEnvironmentVariable("SPECIAL"));
    }

    [Fact]
    public async Task The_plugin_is_told_version_and_that_nobody_is_there_but_not_the_cluster()
    {
        using var info = await ReadInfoAsync("");

        Assert.Equal("ExecCredential", info.RootElement.GetProperty("kind").GetString());
        Assert.Equal(PluginScript.V1, info.RootElement.GetProperty("apiVersion").GetString());
        var spec = info.RootElement.GetProperty("spec");
        Assert.False(spec.GetProperty("interactive").GetBoolean());
        Assert.False(spec.TryGetProperty("cluster", out _));
    }

    [Fact]
    public async Task The_plugin_is_told_the_cluster_when_it_asks()
    {
        var authority = new CertificateBuilder();
        var data = Convert.ToBase64String(authority.RootPemBytes);
        using var info = await ReadInfoAsync("provideClusterInfo: true", $$"""
            server: https://api.example.com/k8s/c-1
            tls-server-name: kubernetes
            certificate-authority-data: {{data}}
            proxy-url: http://proxy:3128
            extensions:
            - name: client.authentication.k8s.io/exec
              extension: {audience: x, count: 5, exact: "5", on: true, none: null, list: [1.5, a]}
            """);

        var cluster = info.RootElement.GetProperty("spec").GetProperty("cluster");
        Assert.Equal("https://api.example.com/k8s/c-1", cluster.GetProperty("server").GetString());
        Assert.Equal("kubernetes", cluster.GetProperty("tls-server-name").GetString());
        Assert.Equal(data, cluster.GetProperty("certificate-authority-data").GetString());
        Assert.Equal("http://proxy:3128", cluster.GetProperty("proxy-url").GetString());
        Assert.Equal("""{"audience":"x","count":5,"exact":"5","on":true,"none":null,"list":[1.5,"a"]}""", cluster.GetProperty("config").GetRawText());
    }

    [Fact]
    public async Task Without_expiry_it_runs_once()
    {
        var credential = _plugin.Credential(_plugin.Count + "\n" + PluginScript.Print("""{"token":"t1"}"""));

        await credential.GetAsync(Cancelled);
        _plugin.Clock.Advance(TimeSpan.FromDays(30));
        await credential.GetAsync(Cancelled);

        Assert.Equal(1, _plugin.Runs);
    }

    [Fact]
    public async Task It_runs_again_shortly_before_what_it_gave_expires()
    {
        var credential = _plugin.Credential(_plugin.Count + "\n" + PluginScript.Print("""{"token":"t1","expirationTimestamp":"2026-03-01T13:00:00Z"}"""));

        await credential.GetAsync(Cancelled);
        _plugin.Clock.Advance(TimeSpan.FromMinutes(59));
        await credential.GetAsync(Cancelled);
        Assert.Equal(1, _plugin.Runs);

        _plugin.Clock.Advance(TimeSpan.FromSeconds(51));
        await credential.GetAsync(Cancelled);
        Assert.Equal(2, _plugin.Runs);
    }

    [Fact]
    public async Task Many_callers_share_one_run()
    {
        var credential = _plugin.Credential(_plugin.Count + "\n" + PluginScript.Print("""{"token":"t1"}"""));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => credential.GetAsync(Cancelled).AsTask()));

        Assert.Equal(1, _plugin.Runs);
    }

    [Fact]
    public async Task A_rejected_credential_is_asked_for_again_once_for_all()
    {
        var credential = _plugin.Credential(_plugin.Count + $"\ntoken=t$(wc -l < '{_plugin.In("runs")}' | tr -d ' ')\n"
            + PluginScript.Print("""{"token":"'$token'"}"""));
        var first = await credential.GetAsync(Cancelled);

        Assert.True(await credential.RefreshAsync(first, Cancelled));
        Assert.True(await credential.RefreshAsync(first, Cancelled));

        Assert.Equal("t2", (await credential.GetAsync(Cancelled)).Authorization?.Parameter);
        Assert.Equal(2, _plugin.Runs);
    }

    [Fact]
    public async Task A_plugin_with_nothing_newer_says_so()
    {
        var credential = _plugin.Credential(PluginScript.Print("""{"token":"t1"}"""));
        var first = await credential.GetAsync(Cancelled);

        Assert.False(await credential.RefreshAsync(first, Cancelled));
    }

    private async Task<JsonDocument> ReadInfoAsync(string fields, string cluster = "server: https://127.0.0.1:6443")
    {
        var credential = _plugin.Credential($"printf '%s' \"$KUBERNETES_EXEC_INFO\" > '{_plugin.In("info")}'\n" + PluginScript.Print("""{"token":"t1"}"""), fields, cluster);
        await credential.GetAsync(Cancelled);
        return JsonDocument.Parse(await File.ReadAllTextAsync(_plugin.In("info"), Cancelled));
    }
}
