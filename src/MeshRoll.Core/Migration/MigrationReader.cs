using System.Runtime.CompilerServices;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Migration;

/// <summary>Reads how far a migration is.</summary>
public sealed class MigrationReader(ClusterSession session)
{
    /// <summary>The cluster read from.</summary>
    public ClusterSession Session { get; } = session;

    /// <summary>
    /// One <see cref="MeshMigration"/> per namespace that has pods with a sidecar of Istio's, by name, then the total. They come when all pods were read.
    /// </summary>
    /// <exception cref="NotFoundException"><c>MeshRoll.RevisionNotFound</c>: a side is no revision, tag or version.</exception>
    /// <exception cref="InvalidRequestException">Both sides are the same, or a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshMigration>> ReadAsync(MigrationQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new MigrationReading(Session, query).ReadAsync(cancellationToken);
    }

    /// <summary>
    /// The workloads with pods that are left, as Get-MeshWorkload gives them, to be restarted. One whose new pods would not move yet is among them.
    /// </summary>
    /// <exception cref="NotFoundException"><c>MeshRoll.RevisionNotFound</c>: a side is no revision, tag or version.</exception>
    /// <exception cref="InvalidRequestException">Both sides are the same, or a name, kind or label selector cannot be read.</exception>
    public IAsyncEnumerable<ReadEvent<MeshWorkload>> ReadLeftAsync(MigrationQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return LeftAsync(new(Session, query), cancellationToken);
    }

    private static async IAsyncEnumerable<ReadEvent<MeshWorkload>> LeftAsync(MigrationReading reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in reading.ReadAsync(cancellationToken))
        {
            if (happened is not ReadEvent<MeshMigration>.Found) yield return happened.As<MeshWorkload>(static _ => throw new InvalidOperationException());
        }
        foreach (var workload in reading.Left) yield return new ReadEvent<MeshWorkload>.Found(workload);
    }
}
