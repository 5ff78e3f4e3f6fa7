namespace MeshRoll.Runner.Tests;

public sealed class ReportTests : IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public async Task A_restart_leaves_its_report()
    {
        var path = Path.Combine(_folder.FullName, "night.md");
        var code = await RunAsync("restart", "--sandbox", "Shop", "--namespace", "platform", "--name", "deploy/*", "--report", path, "--title", "Night");

        Assert.True(code == ExitCode.Done, _error.ToString());
        var report = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.StartsWith("# Night\n", report);
    }

    [Fact]
    public async Task The_report_of_a_journal_goes_to_standard_output_or_to_a_file()
    {
        var journal = Path.Combine(_folder.FullName, "night.journal");
        await File.WriteAllTextAsync(journal, """
            {"v":1,"n":1,"time":"2026-11-22T02:00:00.0000000Z","plan":"night","event":"begun","by":"ann@build-7/4711"}
            {"v":1,"n":2,"time":"2026-11-22T02:00:01.0000000Z","plan":"night","event":"started","wave":"canary","workload":"shop/deployment/web","desired":2,"ready":2,"old":2,"updated":0}
            {"v":1,"n":3,"time":"2026-11-22T02:00:09.0000000Z","plan":"night","event":"ended","wave":"canary","workload":"shop/deployment/web","state":"Complete","desired":2,"ready":2,"old":0,"updated":2}
            {"v":1,"n":4,"time":"2026-11-22T0
            """, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Done, await RunAsync("report", journal, "--title", "Night"));
        Assert.Contains("**1 of 1 workload is done.**", _out.ToString());
        Assert.Contains("line 4", _out.ToString());
        Assert.Contains("## canary", _out.ToString());

        var page = Path.Combine(_folder.FullName, "night.html");
        Assert.Equal(ExitCode.Done, await RunAsync("report", journal, "--to", page));
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<int> RunAsync(params string[] arguments) => RunnerCommand.RunAsync(arguments, new() { Out = _out, Error = _error }, TestContext.Current.CancellationToken);
}
