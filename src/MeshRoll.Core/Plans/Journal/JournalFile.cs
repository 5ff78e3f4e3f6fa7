namespace MeshRoll.Core.Plans.Journal;

/// <summary>A journal's file on disk, and beside it the one that keeps a second writer away.</summary>
internal sealed class JournalFile : IJournalFile
{
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly FileStream _file;

    private JournalFile(string path, FileStream @lock, FileStream file) => (_path, _lock, _file) = (path, @lock, file);

    /// <summary>Opens it, or makes it.</summary>
    public static IJournalFile Open(string path)
    {
        // Beside the journal: what keeps a second writer from a file would on some systems keep readers from it too.
        var @lock = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
            file.Seek(0, SeekOrigin.End);
            return new JournalFile(path, @lock, file);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public JournalReading Read() => JournalReader.Read(_path);

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> text) => _file.Write(text);

    /// <inheritdoc/>
    public void Flush()
    {
        _file.Flush(flushToDisk: true);
        // Where a file can be removed while it is open, what is written to it goes on without a fault, and is nowhere.
        if (!File.Exists(_path)) throw new FileNotFoundException("it was removed");
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
}
