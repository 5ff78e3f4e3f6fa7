namespace MeshRoll.Core.Plans.Journal;

/// <summary>
/// The journal of a run on disk: lines of JSON, only ever appended. What a decision hangs on is on the disk before the run acts on it. One process writes
/// at a time; whoever likes may read meanwhile. Not for several threads.
/// </summary>
internal sealed class RunJournal : IDisposable
{
    private readonly string _path;
    private readonly string _plan;
    private readonly TimeProvider _clock;
    private readonly IJournalFile _file;
    private JournalException? _broken;
    private long _number;

    private RunJournal(string path, string plan, TimeProvider clock, IJournalFile file, JournalReading before) =>
        (_path, _plan, _clock, _file, _number) = (path, plan, clock, file, before.Entries.Count == 0 ? 0 : before.Entries[^1].Number);

    /// <summary>Opens a journal to go on with it, or makes a new one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="plan">The plan's id.</param>
    /// <param name="clock">The clock of its entries.</param>
    /// <param name="open">Opens the file; null for one on disk.</param>
    /// <returns>It, and what it held.</returns>
    /// <exception cref="JournalException">It cannot be written, another process writes it, or it is that of another plan.</exception>
    public static (RunJournal Journal, JournalReading Before) Open(string path, string plan, TimeProvider clock, Func<string, IJournalFile>? open = null)
    {
        IJournalFile? file = null;
        try
        {
            file = (open ?? JournalFile.Open)(path);
            var before = file.Read();
            if (before.Entries.FirstOrDefault(entry => entry.Plan != plan) is { } other)
                throw new JournalException(JournalException.Unreadable, $"'{path}' is the journal of the plan {other.Plan}, not of {plan}: name another with -JournalPath.") { File = path };
            // What was cut off stays as it is; the next entry begins on a line of its own.
            if (before.EndsCut) file.Append("\n"u8);
            return (new(path, plan, clock, file, before), before);
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            file?.Dispose();
            throw Unwritable(path, error);
        }
        catch (JournalException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Appends an entry with its number and time.</summary>
    /// <exception cref="JournalException"><c>MeshRoll.JournalUnwritable</c>: the disk is full, or gone. From then on nothing can be appended any more.</exception>
    public RunEntry Append(RunEntry entry)
    {
        if (_broken is not null) throw _broken;
        var numbered = entry with { Number = _number + 1, Time = _clock.GetUtcNow(), Plan = _plan };
        try
        {
            _file.Append(EntryText.Write(numbered).Span);
            if (numbered.IsDecision) _file.Flush();
        }
        catch (Exception error) when (IsOfTheDisk(error) || error is ObjectDisposedException)
        {
            throw _broken = new(JournalException.Unwritable,
                $"The journal '{_path}' cannot be written any more: {Words(error)}. Nothing is started without it; what was begun is followed to its end. Mend that (make room on the disk, for example) and go on with Resume-MeshRolloutRun, or meshroll resume.", error)
            { File = _path };
        }
        _number++;
        return numbered;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // A file that may not grow any more (EFBIG) is an argument out of its range to .NET.
    private static bool IsOfTheDisk(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException;

    private static string Words(Exception error) => (error is ArgumentException ? error.Message.Split(" (Parameter")[0] : error.Message).TrimEnd('.');

    private static JournalException Unwritable(string path, Exception error) =>
        new(JournalException.Unwritable, $"The journal '{path}' cannot be written: {Words(error)}. Nothing is started without it.", error) { File = path };
}
