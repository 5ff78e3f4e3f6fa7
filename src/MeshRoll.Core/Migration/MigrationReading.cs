using System.Runtime.CompilerServices;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Migration;

/// <summary>One reading of a migration: the inventory of workloads, then counted.</summary>
internal sealed class MigrationReading(ClusterSession session, MigrationQuery query, MigrationSides? known = null)
{
    private readonly List<MeshWorkload> _left = [];

    /// <summary>What the names of the query mean; null until it was found out.</summary>
    public MigrationSides? Sides { get; private set; } = known;

    /// <summary>The workloads with pods left, once all was read.</summary>
    public IReadOnlyList<MeshWorkload> Left => _left;

    public async IAsyncEnumerable<ReadEvent<MeshMigration>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new WorkloadReading(session, new() { Selection = query.Selection, IncludeGateway = query.IncludeGateway }, new(query.Selection));
        List<GatheredWorkload> all = [];
        var isWhole = true;
        await foreach (var happened in reading.ReadAsync(cancellationToken))
        {
            if (happened is ReadEvent<GatheredWorkload>.Failed failed && PodGaps.HidesPods(failed.Error)) isWhole = false;
            if (happened is ReadEvent<GatheredWorkload>.Found { Item: var workload }) all.Add(workload);
            else yield return happened.As<MeshMigration>(static _ => throw new InvalidOperationException());
        }

        var sides = Sides ??= Resolve(query, RevisionCatalogue.Of(reading.Knowledge ?? new(), all.SelectMany(static workload => workload.Sidecars)));
        var total = new MigrationTally(sides);
        SortedDictionary<string, MigrationTally> byNamespace = new(StringComparer.Ordinal);
        foreach (var workload in all)
        {
            if (!workload.Sidecars.Any(static sidecar => sidecar.Mesh == SidecarContainers.Istio)) continue;
            if (!byNamespace.TryGetValue(workload.Workload.Namespace, out var tally)) byNamespace[workload.Workload.Namespace] = tally = new(sides);
            tally.Add(workload);
            if (total.Add(workload) > 0) _left.Add(workload.Workload);
        }

        var since = query.Since ?? total.FirstMoved;
        // The cluster's clock may be ahead of this one, a played one by days.
        var now = all.SelectMany(static workload => workload.Sidecars).Select(static sidecar => sidecar.Created ?? default).Append(session.TimeProvider.GetUtcNow()).Max();
        foreach (var (name, tally) in byNamespace) yield return new ReadEvent<MeshMigration>.Found(MigrationRules.Describe(session.Name, name, sides, tally, since, now));
        var sum = MigrationRules.Describe(session.Name, null, sides, total, since, now);
        yield return new ReadEvent<MeshMigration>.Found(isWhole ? sum : MigrationRules.Partly(sum));
    }

    /// <summary>What both names mean.</summary>
    public static MigrationSides Resolve(MigrationQuery query, RevisionCatalogue catalogue)
    {
        var to = catalogue.Find(query.To);
        var from = query.From is null ? null : catalogue.Find(query.From);
        if (from == to) throw new InvalidRequestException("MeshRoll.MigrationInvalid", $"'{query.From}' and '{query.To}' are both {to.InWords}: a migration goes from one to another.");
        return new(from, to);
    }
}
