using MeshRoll.Kubernetes.Configuration;
using MeshRoll.Sandbox;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Runner.Tests;

public sealed class PlanTests : IAsyncLifetime
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly SandboxCluster _sandbox = SandboxCluster.Start(new() { World = BuiltInWorlds.Find("Shop"), VirtualTime = true });

    private string Plan => Path.Combine(_folder.FullName, "night.yaml");

    [Fact]
    public async Task A_plan_is_written_carried_out_and_reported()
    {
        Assert.True(await RunAsync("plan", "-A", "--canary-count", "1", "--group-by", "namespace", "--to", Plan) == ExitCode.Done, _error.ToString());
        Assert.Contains("workloads in 4 waves", _error.ToString());

        Assert.True(await RunAsync("run", Plan, "--report", Path.Combine(_folder.FullName, "night.md")) == ExitCode.Done, _error.ToString());
        Assert.StartsWith("Completed: ", _out.ToString());
        Assert.Contains("wave canary begins", _error.ToString());
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "night.journal.jsonl")));
        Assert.Contains("workloads are done.", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "night.md"), TestContext.Current.CancellationToken));

        // Once more, and from a machine that has only the plan: nothing is restarted a second time.
        var patches = Patches();
        Assert.Equal(ExitCode.Done, await RunAsync("resume", Plan, "--journal", Path.Combine(_folder.FullName, "elsewhere.journal")));
        Assert.Equal(patches, Patches());
    }

    [Fact]
    public async Task Preflight_tells_what_will_hurt_and_its_exit_code_goes_by_the_bar()
    {
        Assert.True(await RunAsync("preflight", "-n", "shop", "--severity", "warning") == ExitCode.WorkloadFailed, _error.ToString());
        Assert.Contains("NoDrain", _out.ToString());
        Assert.Contains("kubectl patch deployment cart", _out.ToString());
        Assert.Equal(ExitCode.Done, await RunAsync("preflight", "-n", "shop", "--rule", "NoDrain"));
        Assert.Equal(ExitCode.WorkloadFailed, await RunAsync("preflight", "-n", "shop", "--severity", "warning", "--output", "json"));
        Assert.Contains("\"id\":\"NoDrain\"", _out.ToString());
    }

    [Fact]
    public async Task What_the_preflight_finds_stands_in_the_plan_unless_it_is_left_out()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("plan", "-n", "shop"));
        Assert.Contains("\nreadiness:\n  - id: ", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("readiness: Warning NoDrain: ", _error.ToString(), StringComparison.Ordinal);
        _out.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Done, await RunAsync("plan", "-n", "shop", "--skip-readiness"));
        Assert.DoesNotContain("readiness:", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_the_plan_goes_to_standard_output()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("plan", "-n", "shop"));
        Assert.Contains("kind: RolloutPlan", _out.ToString());
    }

    [Fact]
    public async Task A_workload_that_fails_is_exit_code_1()
    {
        Assert.Equal(ExitCode.Done, await RunAsync("plan", "-n", "shop", "--name", "deploy/cart", "--to", Plan));
        _sandbox.SetFault(new SandboxFault { Kind = SandboxFaultKind.ImageMissing, Namespace = "shop", Workload = "cart" });

        Assert.Equal(ExitCode.WorkloadFailed, await RunAsync("run", Plan));
        Assert.Contains("cannot pull image", _error.ToString());
    }

    [Theory]
    [InlineData("plan -A --window Someday", "Someday")]
    [InlineData("run nowhere.yaml", "nowhere.yaml")]
    [InlineData("run {plan} --query up", "--prometheus-url, --query and --below")]
    public async Task What_cannot_be_is_exit_code_2_and_one_sentence(string commandLine, string said)
    {
        Assert.Equal(ExitCode.Done, await RunAsync("plan", "-n", "shop", "--to", Plan));
        Assert.Equal(ExitCode.UsageOrAccess, await RunAsync(commandLine.Replace("{plan}", Plan, StringComparison.Ordinal).Split(' ')));
        Assert.Contains(said, _error.ToString());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private int Patches() => _sandbox.Requests.Count(request => request.Verb == "patch" && request.Resource is "deployments" or "statefulsets" or "daemonsets" or "rollouts");

    private Task<int> RunAsync(params string[] arguments) => RunnerCommand.RunAsync(
        arguments, new() { Out = _out, Error = _error, Resolve = (_, _) => KubeConfig.Load(_sandbox.KubeConfigPath).Resolve() }, TestContext.Current.CancellationToken);
}
