using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Runner.Tests;

public class UsageTests
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Theory]
    [InlineData("", "Required command")]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("sidecars --output xml", "xml")]
    [InlineData("restart --max-concurrent -1", "--max-concurrent takes a whole number from 0 to 100000")]
    [InlineData("restart --max-concurrent 99999999", "--max-concurrent takes a whole number from 0 to 100000")]
    [InlineData("restart --max-concurrent many", "many")]
    [InlineData("restart --max-pods-in-transition -1", "--max-pods-in-transition takes a whole number from 0 to 100000")]
    [InlineData("restart --max-not-ready-nodes -1", "--max-not-ready-nodes takes a whole number from 0 to 100000")]
    [InlineData("restart --timeout -5", "negative")]
    [InlineData("restart --timeout soon", "not a duration")]
    [InlineData("wait --poll-interval 999d", "366 days")]
    [InlineData("wait --sandbox Empty --report night.pdf", ".html, .md and .json")]
    [InlineData("restart --sandbox Empty --report nowhere/night.html", "There is no folder")]
    [InlineData("report nowhere.journal", "There is no journal nowhere.journal")]
    public async Task Bad_usage_is_exit_code_2_and_says_what_is_wrong(string commandLine, string said)
    {
        Assert.Equal(ExitCode.UsageOrAccess, await RunAsync(commandLine));
        Assert.Contains(said, _error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("error: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());
    }

    [Theory]
    [InlineData("--help", "restart")]
    [InlineData("restart --help", "--stop-after-failures")]
    [InlineData("restart --help", "--exclude")]
    [InlineData("sidecars --help", "--target-version")]
    [InlineData("sidecars --help", "--sandbox")]
    [InlineData("demo --help", "--fast")]
    [InlineData("wait --help", "--poll-interval")]
    [InlineData("report --help", "--to")]
    [InlineData("restart --help", "--report")]
    [InlineData("wait --help", "--no-fail-fast-diagnosis")]
    public async Task Help_is_exit_code_0_and_names_the_options(string commandLine, string said)
    {
        Assert.Equal(ExitCode.Done, await RunAsync(commandLine));
        Assert.Contains(said, _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_exit_code_2_with_its_address()
    {
        var nobody = new Uri($"http://127.0.0.1:{UnusedPort()}");
        Assert.Equal(ExitCode.UsageOrAccess, await RunAsync("sidecars", _ => new ClusterConnection { Name = "gone", Server = nobody }));
        Assert.Contains(nobody.Authority, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("[MeshRoll.ServerUnreachable]", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(string commandLine, Func<string?, ClusterConnection>? resolve = null)
    {
        var host = new RunnerHost { Out = _out, Error = _error, Resolve = (path, _) => resolve?.Invoke(path) ?? throw new InvalidOperationException("no cluster may be asked here") };
        return RunnerCommand.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), host, TestContext.Current.CancellationToken);
    }

    private static int UnusedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
