using System.Management.Automation;
using MeshRoll.Core.Migration;
using MeshRoll.Errors;
using MeshRoll.Kubernetes;
using MeshRoll.Pipeline;

namespace MeshRoll.Waiting;

/// <summary>Waits for the migrations of several clusters at the same time, with a bar for each.</summary>
internal static class MigrationWork
{
    private const int FirstBar = 7300;

    /// <summary>Waits for all; each ends with its total, or with an error when its time was over.</summary>
    /// <param name="parts">What to wait for: a name and the events.</param>
    /// <param name="percent">How far they shall come.</param>
    /// <param name="output">Where totals, errors and bars go.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public static Task RunAsync(
        IReadOnlyList<(string Cluster, Func<CancellationToken, IAsyncEnumerable<MigrationWaitEvent>> Wait)> parts, int percent, ICommandOutput output, CancellationToken cancellationToken) =>
        Task.WhenAll(parts.Select((part, number) => WaitAsync(part.Cluster, part.Wait, FirstBar + number, percent, output, cancellationToken)));

    private static async Task WaitAsync(
        string cluster, Func<CancellationToken, IAsyncEnumerable<MigrationWaitEvent>> wait, int bar, int percent, ICommandOutput output, CancellationToken cancellationToken)
    {
        var activity = $"Migration of {cluster}";
        try
        {
            await foreach (var happened in wait(cancellationToken))
            {
                switch (happened)
                {
                    case MigrationWaitEvent.Remark(var text):
                        await output.WriteWarningAsync($"{cluster}: {text}");
                        break;
                    case MigrationWaitEvent.Looked(var total):
                        output.Report(new(bar, activity, $"{total.Moved} of {total.Pods} pods moved; {total.Message}", total.Percent ?? -1) { Remaining = RemainingOf(total) });
                        await output.WriteVerboseAsync($"{cluster}: {total.Percent} %: {total.Message}");
                        break;
                    case MigrationWaitEvent.Ended { Reached: true, Total: { } total }:
                        await output.WriteAsync(total);
                        break;
                    case MigrationWaitEvent.Ended(var total, _):
                        var how = total is null ? "it could not be looked at" : $"{total.Percent} % of {total.Pods} pods have moved, {total.Message}";
                        await output.WriteErrorAsync(CommandErrors.Of("MeshRoll.MigrationTimedOut", ErrorCategory.OperationTimeout, $"The migration of {cluster} was not at {percent} % in time: {how}.", total));
                        break;
                }
            }
        }
        catch (MeshRollException e)
        {
            await output.WriteErrorAsync(CommandErrors.From(e, cluster));
        }
        finally
        {
            output.Report(new(bar, activity, "done", 100) { Completed = true });
        }
    }

    private static TimeSpan? RemainingOf(MeshMigration total) => total.DaysToGo is { } days and < 1000 ? TimeSpan.FromDays(days) : null;
}
