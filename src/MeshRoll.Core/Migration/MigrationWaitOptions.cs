namespace MeshRoll.Core.Migration;

/// <summary>What to wait for, and how long.</summary>
public sealed record MigrationWaitOptions
{
    /// <summary>So many percent of the pods must have moved.</summary>
    public int Percent { get; init; } = 100;

    /// <summary>Give up after so long; null for never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Look again after so long. A look reads all pods once; nothing is held in memory between two.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What happens while waiting for a migration.</summary>
public abstract record MigrationWaitEvent
{
    private MigrationWaitEvent() { }

    /// <summary>How it stands now.</summary>
    public sealed record Looked(MeshMigration Total) : MigrationWaitEvent;

    /// <summary>A sentence worth a warning.</summary>
    public sealed record Remark(string Text) : MigrationWaitEvent;

    /// <summary>Waiting is over.</summary>
    /// <param name="Total">How it stood at the last look; null when none succeeded.</param>
    /// <param name="Reached">Whether it is as far as was waited for; otherwise the time was over.</param>
    public sealed record Ended(MeshMigration? Total, bool Reached) : MigrationWaitEvent;
}
