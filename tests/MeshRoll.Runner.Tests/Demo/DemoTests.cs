namespace MeshRoll.Runner.Tests.Demo;

public class DemoTests
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Fact]
    public async Task The_demo_restarts_the_shop_and_shows_that_nobody_noticed()
    {
        var code = await RunAsync("demo", "--fast");

        var said = _out.ToString();
        Assert.Equal((ExitCode.Done, ""), (code, code == ExitCode.Done ? "" : said + _error));
        Assert.Contains("$ meshroll sidecars --all-namespaces --outdated", said, StringComparison.Ordinal);
        Assert.Contains("$ meshroll restart --all-namespaces", said, StringComparison.Ordinal);
        Assert.Contains("nobody noticed", said, StringComparison.Ordinal);
        Assert.DoesNotContain(" NO\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_runs_on_a_sandbox_of_its_own()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("sidecars", "--sandbox", "Minimal", "--outdated"));
        Assert.Contains("deployment/web", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task What_is_excluded_is_skipped_and_an_exclusion_that_is_no_name_restarts_nothing()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("restart", "--sandbox", "Minimal", "--exclude", "*", "--output", "json"));
        Assert.Contains("\"message\":\"excluded by *\"", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Complete", _out.ToString(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.UsageOrAccess, await RunAsync("restart", "--sandbox", "Minimal", "--exclude", "we b"));
        Assert.Contains("[MeshRoll.NameInvalid]", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sidecars --sandbox Shop --context prod", "--sandbox is a cluster of its own")]
    [InlineData("sidecars --sandbox Shop --kubeconfig file", "--sandbox is a cluster of its own")]
    [InlineData("sidecars --sandbox Shopp", "[MeshRoll.SandboxScenarioNotFound]")]
    [InlineData("restart --sandbox ./none.yaml", "[MeshRoll.SandboxScenarioNotFound]")]
    public async Task A_sandbox_that_makes_no_sense_is_exit_code_2(string commandLine, string said)
    {
        Assert.Equal(ExitCode.UsageOrAccess, await RunAsync(commandLine.Split(' ')));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        RunnerCommand.RunAsync(arguments, new() { Out = _out, Error = _error }, TestContext.Current.CancellationToken);
}
