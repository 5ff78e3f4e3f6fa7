using System.Diagnostics;
using MeshRoll.Kubernetes.Authentication;

namespace MeshRoll.Kubernetes.Tests.Authentication;

public sealed class ExecCredentialFailureTests : IDisposable
{
    private readonly PluginScript _plugin = new();

    public void Dispose() => _plugin.Dispose();

    [Fact]
    public async Task A_missing_program_is_told_with_the_hint()
    {
        var error = await FailsAsync("", "installHint: Install it from https://example.com.", "no-such-plugin");

        Assert.Equal(CredentialException.PluginMissing, error.Id);
        Assert.Contains("'no-such-plugin' is not there. Install it from https://example.com.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_wants_a_terminal_is_not_started()
    {
        var error = await FailsAsync(_plugin.Count, "interactiveMode: Always");

        Assert.Equal(CredentialException.PluginNeedsTerminal, error.Id);
        Assert.Equal(0, _plugin.Runs);
    }

    [Fact]
    public async Task A_failure_tells_exit_code_and_the_last_words()
    {
        var error = await FailsAsync("echo one >&2; echo two >&2; echo three >&2; echo 'session expired, run login' >&2; exit 7");

        Assert.Equal(CredentialException.PluginFailed, error.Id);
        Assert.Contains("exit code 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("two / three / session expired, run login", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("one /", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_in_its_last_words_are_hidden()
    {
        var error = await FailsAsync(
            "echo \"used $PASS and $2 and token: hunter2 and eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ\" >&2; exit 1",
            "args: [--client-secret, swordfish, --key=opensesame]\nenv: [{name: PASS, value: correcthorse}]");

        Assert.Contains("used *** and *** and token: *** and ***", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo hello s3cret", "something else than JSON")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"s3cret'", "something else than JSON")]
    [InlineData("echo '[1]'", "something else than an ExecCredential")]
    [InlineData("echo '{\"kind\":\"Pod\"}'", "something else than an ExecCredential")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"s3cret\"}}'", "another version")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "no status")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "neither a token")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientKeyData\":\"s3cret\"}}'", "without key")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"s3cret s3cret\"}}'", "characters")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"s3cret\",\"expirationTimestamp\":\"s3cret\"}}'", "not a time")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"s3cret\",\"clientKeyData\":\"s3cret\"}}'", "client certificate that cannot be used")]
    [InlineData("exit 0", "something else than JSON")]
    public async Task What_is_no_credential_is_told_and_not_shown(string script, string problem)
    {
        var error = await FailsAsync(script);

        Assert.Equal(CredentialException.PluginFailed, error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_output_is_stopped()
    {
        var error = await FailsAsync("exec cat /dev/zero");

        Assert.Contains("printed more than 1024 KB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_hangs_is_killed_with_its_children_after_a_minute()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plugins of these tests are shell scripts.");

        // The child holds the pipe's other end: it opens once the child lives and ends when it is dead.
        await Process.Start("mkfifo", [_plugin.In("pipe")]).WaitForExitAsync(TestContext.Current.CancellationToken);
        var credential = _plugin.Credential($"sleep 1000 > '{_plugin.In("pipe")}' &\nwait");

        var getting = credential.GetAsync(TestContext.Current.CancellationToken).AsTask();
        await using var pipe = await Task.Run(() => File.OpenRead(_plugin.In("pipe")), TestContext.Current.CancellationToken);
        _plugin.Clock.Advance(TimeSpan.FromSeconds(60));

        var error = await Assert.ThrowsAsync<CredentialException>(() => getting);
        Assert.Equal(CredentialException.PluginFailed, error.Id);
        Assert.Contains("no answer within 60 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await pipe.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_nobody_waits_for_any_more_is_killed_and_the_next_caller_starts_another()
    {
        var credential = _plugin.Credential($"{_plugin.Count}\nif [ -e '{_plugin.In("go")}' ]; then {PluginScript.Print("""{"token":"t1"}""")}; else exec sleep 1000; fi");
        using var caller = new CancellationTokenSource();
        var getting = credential.GetAsync(caller.Token).AsTask();
        await _plugin.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(60));

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        await File.WriteAllTextAsync(_plugin.In("go"), "", TestContext.Current.CancellationToken);

        Assert.Equal("t1", (await credential.GetAsync(TestContext.Current.CancellationToken)).Authorization?.Parameter);
    }

    private async Task<CredentialException> FailsAsync(string script, string fields = "", string command = "./plugin")
    {
        var credential = _plugin.Credential(script, fields, command: command);
        var error = await Assert.ThrowsAsync<CredentialException>(() => credential.GetAsync(TestContext.Current.CancellationToken).AsTask());
        foreach (var secret in new[] { "s3cret", "hunter2", "swordfish", "opensesame", "correcthorse", "eyJ" })
            Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);

        return error;
    }
}
