using System.Management.Automation;
using MeshRoll.Core.Migration;
using MeshRoll.Core.Workloads;
using MeshRoll.Tests.Pipeline;
using MeshRoll.Waiting;

namespace MeshRoll.Tests.Waiting;

public class MigrationWorkTests
{
    private static readonly MeshMigration s_half = new() { Cluster = "prod", To = "1-27-1", Total = true, Pods = 4, Moved = 2, Left = 2, Percent = 50, DaysToGo = 2, Message = "2 pods are left" };

    [Fact]
    public async Task The_total_comes_when_it_is_as_far_with_a_bar_meanwhile()
    {
        var output = await RunAsync(new MigrationWaitEvent.Remark("odd"), new MigrationWaitEvent.Looked(s_half), new MigrationWaitEvent.Looked(s_half with { Percent = 100, DaysToGo = null }), new MigrationWaitEvent.Ended(s_half, true));

        Assert.Equal([s_half], output.Written);
        Assert.Equal(["prod: odd"], output.Warnings);
        Assert.Equal(["prod: 50 %: 2 pods are left", "prod: 100 %: 2 pods are left"], output.Verbose);
        Assert.Equal([50, 100, 100], output.Progress.Select(bar => bar.Percent));
        Assert.Equal([TimeSpan.FromDays(2), null, null], output.Progress.Select(bar => bar.Remaining));
        Assert.True(output.Progress[^1].Completed);
        Assert.Equal("2 of 4 pods moved; 2 pods are left", output.Progress[0].Status);
    }

    [Fact]
    public async Task A_time_that_is_over_is_an_error_about_the_total()
    {
        var error = Assert.Single((await RunAsync(new MigrationWaitEvent.Ended(s_half, false))).Errors);

        Assert.Equal(("MeshRoll.MigrationTimedOut", ErrorCategory.OperationTimeout, s_half), (error.Id, error.Category, error.Target));
        Assert.Equal("The migration of prod was not at 90 % in time: 50 % of 4 pods have moved, 2 pods are left.", error.Exception.Message);
    }

    [Fact]
    public async Task That_nobody_could_look_is_said() =>
        Assert.EndsWith("in time: it could not be looked at.", Assert.Single((await RunAsync(new MigrationWaitEvent.Ended(null, false))).Errors).Exception.Message, StringComparison.Ordinal);

    [Fact]
    public async Task What_ends_one_cluster_does_not_end_the_others()
    {
        var output = new RecordingOutput();
        await MigrationWork.RunAsync([("prod", _ => Throw()), ("test", _ => Events([new MigrationWaitEvent.Ended(s_half, true)]))], 100, output, TestContext.Current.CancellationToken);

        Assert.Equal(("MeshRoll.NamespaceNotFound", (object)"prod"), (Assert.Single(output.Errors).Id, output.Errors[0].Target));
        Assert.Equal([s_half], output.Written);
        Assert.Equal(2, output.Progress.Count(bar => bar.Completed));
    }

    private static async Task<RecordingOutput> RunAsync(params MigrationWaitEvent[] events)
    {
        var output = new RecordingOutput();
        await MigrationWork.RunAsync([("prod", _ => Events(events))], 90, output, TestContext.Current.CancellationToken);
        return output;
    }

    private static async IAsyncEnumerable<MigrationWaitEvent> Events(IEnumerable<MigrationWaitEvent> events)
    {
        await Task.CompletedTask;
        foreach (var happened in events) yield return happened;
    }

    private static async IAsyncEnumerable<MigrationWaitEvent> Throw()
    {
        await Task.CompletedTask;
        if (Environment.ProcessId > 0) throw NotFoundException.Namespace("shop", []);
        yield break;
    }
}
