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
    private readonly FileStream _file;
    private readonly FileStream _lock;
    private JournalException? _broken;
    private long _number;

    private RunJournal(string path, string plan, TimeProvider clock, FileStream file, FileStream @lock, JournalReading before) =>
        (_path, _plan, _clock, _file, _lock, _number) = (path, plan, clock, file, @lock, before.Entries.Count == 0 ? 0 : before.Entries[^1].Number);

    /// <summary>Opens a journal to go on with it, or makes a new one.</summary>
    /// <returns>It, and what it held.</returns>
    /// <exception cref="JournalException">It cannot be written, another process writes it, or it is that of another plan.</exception>
    public static (RunJournal Journal, JournalReading Before) Open(string path, string plan, TimeProvider clock)
    {
        FileStream? file = null;
        FileStream? @lock = null;
        try
        {
            // Beside the journal: what keeps a second writer from a file would on some systems keep readers from it too.
            @lock = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
            var before = JournalReader.Read(path);
            if (before.Entries.FirstOrDefault(entry => entry.Plan != plan) is { } other)
                throw new JournalException(JournalException.Unreadable, $"'{path}' is the journal of the plan {other.Plan}, not of {plan}: name another with -JournalPath.") { File = path };
            file.Seek(0, SeekOrigin.End);
            // What was cut off stays as it is; the next entry begins on a line of its own.
            if (before.EndsCut) file.Write("\n"u8);
            return (new(path, plan, clock, file, @lock, before), before);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            @lock?.Dispose();
            throw Unwritable(path, error);
        }
        catch (JournalException)
        {
            file?.Dispose();
            @lock?.Dispose();
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
            _file.Write(EntryText.Write(numbered).Span);
            _file.Flush(flushToDisk: numbered.IsDecision);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            throw _broken = Unwritable(_path, error);
        }
        _number++;
        return numbered;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // A full disk was told of already.
        }
        _lock.Dispose();
    }

    private static JournalException Unwritable(string path, Exception error) =>
        new(JournalException.Unwritable, $"The journal '{path}' cannot be written: {error.Message.TrimEnd('.')}. Nothing is started without it.", error) { File = path };
}
