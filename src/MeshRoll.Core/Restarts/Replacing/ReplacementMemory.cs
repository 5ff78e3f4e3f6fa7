using MeshRoll.Core.Restarts.Marks;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>
/// What a replacement remembers between two looks. All of it may be lost: the mark and the pods tell where it stands, and what is forgotten only makes it
/// more patient.
/// </summary>
internal sealed record ReplacementMemory
{
    /// <summary>The mark as this run wrote it last; null for not yet.</summary>
    public RestartMark? Mark { get; init; }

    /// <summary>Whether the mark was written by this run.</summary>
    public bool IsMarked => Mark is not null;

    /// <summary>The run whose mark is taken over; null for none.</summary>
    public string? TakesOver { get; init; }

    /// <summary>The workload's uid, once seen.</summary>
    public string? Uid { get; init; }

    /// <summary>When a pod was evicted last; null for not yet.</summary>
    public DateTimeOffset? EvictedAt { get; init; }

    /// <summary>Since when nothing is in transit; null while something is.</summary>
    public DateTimeOffset? CalmSince { get; init; }

    /// <summary>How far it is: pods still to be replaced, pods that serve.</summary>
    public (int Old, int Available) Reached { get; init; }

    /// <summary>When <see cref="Reached"/> changed last.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    /// <summary>Who forbids the next eviction, in words, and when to ask again; null for nobody.</summary>
    public (string By, DateTimeOffset Until)? Blocked { get; init; }

    /// <summary>Set when the mark is away again: what it came to.</summary>
    public Outcome? Released { get; init; }

    /// <summary>What is to be remembered of a look.</summary>
    public ReplacementMemory Seeing(ReplacementSight sight, DateTimeOffset now)
    {
        var reached = (sight.Old.Count(), sight.Available);
        return this with
        {
            Uid = Uid ?? sight.Uid,
            CalmSince = sight.InTransit == 0 ? CalmSince ?? now : null,
            Reached = reached,
            MovedAt = MovedAt is null || reached != Reached ? now : MovedAt,
        };
    }
}
