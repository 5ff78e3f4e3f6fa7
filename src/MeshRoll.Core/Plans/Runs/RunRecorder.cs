using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans.Runs;

/// <summary>
/// Writes down what happens and keeps the state that comes of it: the journal first, then the state, then whoever listens. Once the journal cannot be written
/// nothing more may be decided; what moves is followed to its end without it. Thread-safe.
/// </summary>
internal sealed class RunRecorder(MeshRolloutPlan plan, string path, RunJournal journal, RunState before, EventMailbox<RunNews> news) : IDisposable
{
    private readonly object _gate = new();
    private RunState _state = before;

    /// <summary>The run as it stands.</summary>
    public RunState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>Why the journal cannot be written; null while it can.</summary>
    public JournalException? Broken { get; private set; }

    /// <summary>Writes an entry. With what a decision hangs on, it is on the disk when this returns.</summary>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    public void Write(RunEvent happened, string message = "", string wave = "", WorkloadReference? workload = null, DateTimeOffset? until = null, string by = "") =>
        Write(new() { Time = default, Plan = plan.Id, Event = happened, Message = message, Wave = wave, Workload = workload, Until = until, By = by });

    /// <summary>Writes an entry.</summary>
    /// <exception cref="JournalException">The journal cannot be written.</exception>
    public void Write(RunEntry entry)
    {
        lock (_gate)
        {
            try
            {
                var written = journal.Append(entry);
                _state = _state.After(written);
                news.Post(new RunNews.Recorded(written, MeshRolloutRun.Of(plan, _state, path)));
            }
            catch (JournalException error)
            {
                Broken ??= error;
                throw;
            }
        }
    }

    /// <summary>The same for what has happened already and cannot be prevented: a journal that is broken is told of by <see cref="Broken"/>.</summary>
    public void Note(RunEntry entry)
    {
        try
        {
            Write(entry);
        }
        catch (JournalException)
        {
            // The run ends at its next decision.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => journal.Dispose();
}
