using MeshRoll.Core.Plans.Journal;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>What a run tells while it goes on.</summary>
public abstract record RunNews
{
    private RunNews() { }

    /// <summary>It wrote an entry to its journal.</summary>
    /// <param name="Entry">The entry.</param>
    /// <param name="Run">The run after it.</param>
    public sealed record Recorded(RunEntry Entry, MeshRolloutRun Run) : RunNews;

    /// <summary>It waits for somebody else, or has something to say that belongs in no journal.</summary>
    public sealed record Remark(string Text) : RunNews;
}
