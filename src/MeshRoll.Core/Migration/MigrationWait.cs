using System.Net;
using System.Runtime.CompilerServices;
using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Transport;

namespace MeshRoll.Core.Migration;

/// <summary>
/// Waits until a migration is as far as wanted, by looking now and then: it takes days, and a watch over all pods for days costs more than a list
/// every half minute. A server that is away for a while is waited for too.
/// </summary>
public sealed class MigrationWait(ClusterSession session)
{
    /// <summary>Looks until it is as far, or until the time is over; the last event is <see cref="MigrationWaitEvent.Ended"/>.</summary>
    /// <exception cref="MeshRollException">A side is unknown, or a part of the pods may not be read: then nobody can tell how far it is.</exception>
    public async IAsyncEnumerable<MigrationWaitEvent> RunAsync(MigrationQuery query, MigrationWaitOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        var clock = session.TimeProvider;
        var deadline = clock.GetUtcNow() + options.Timeout;
        HashSet<string> said = new(StringComparer.Ordinal);
        MeshMigration? last = null;
        MigrationSides? sides = null;
        while (true)
        {
            // What the names mean is settled once: a tag may be moved meanwhile, and the old revision vanish with its last pod.
            var look = await LookAsync(query, sides, cancellationToken);
            sides = look.Sides ?? sides;
            foreach (var remark in look.Remarks)
            {
                if (said.Add(remark)) yield return new MigrationWaitEvent.Remark(remark);
            }
            if (look.Total is { } total)
            {
                last = total;
                yield return new MigrationWaitEvent.Looked(total);
                if (IsReached(total, options.Percent))
                {
                    yield return new MigrationWaitEvent.Ended(total, true);
                    yield break;
                }
            }

            var left = deadline - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                yield return new MigrationWaitEvent.Ended(last, false);
                yield break;
            }
            await Task.Delay(left < options.PollInterval ? left.Value : options.PollInterval, clock, cancellationToken);
        }
    }

    /// <summary>Whether it is as far: all means that nothing is left and nothing is unknown.</summary>
    internal static bool IsReached(MeshMigration total, int percent) => total.Percent >= percent;

    /// <summary>Whether an error may be gone at the next look: the server is out of reach, busy or broken.</summary>
    internal static bool IsPassing(MeshRollException error) => error switch
    {
        ClusterUnreachableException or ApiProtocolException => true,
        ApiException { Code: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Gone } => true,
        _ => false,
    };

    private async Task<Look> LookAsync(MigrationQuery query, MigrationSides? sides, CancellationToken cancellationToken)
    {
        List<string> remarks = [];
        var reading = new MigrationReading(session, query, sides);
        try
        {
            MeshMigration? total = null;
            var complete = true;
            await foreach (var happened in reading.ReadAsync(cancellationToken))
            {
                if (happened is ReadEvent<MeshMigration>.Found { Item: { Total: true } sum }) total = sum;
                else if (happened is ReadEvent<MeshMigration>.Remark remark) remarks.Add(remark.Text);
                else if (happened is ReadEvent<MeshMigration>.Failed failed)
                {
                    if (!PodGaps.HidesPods(failed.Error)) continue;
                    if (!IsPassing(failed.Error)) throw failed.Error;
                    complete = false;
                    remarks.Add(Trouble(failed.Error));
                }
            }
            return new(complete ? total : null, complete ? reading.Sides : null, remarks);
        }
        catch (MeshRollException e) when (IsPassing(e))
        {
            return new(null, null, [.. remarks, Trouble(e)]);
        }
    }

    private static string Trouble(MeshRollException error) => $"Could not look ({Wording.Clause(error.Message)}); looking again.";

    private sealed record Look(MeshMigration? Total, MigrationSides? Sides, IReadOnlyList<string> Remarks);
}
