namespace MeshRoll.Core.Plans.Journal;

/// <summary>What a journal holds.</summary>
/// <param name="Entries">Its whole entries, in order.</param>
/// <param name="Remarks">What was passed over: a line cut short, foreign lines, numbers that are missing.</param>
/// <param name="EndsCut">Whether the last line has no end: its writer was cut off, or writes it this moment.</param>
public sealed record JournalReading(IReadOnlyList<RunEntry> Entries, IReadOnlyList<string> Remarks, bool EndsCut);

/// <summary>Reads journals, also while they are being written.</summary>
public static class JournalReader
{
    /// <summary>A line longer than this is none of ours.</summary>
    private const int LongestLine = 1 << 20;

    /// <summary>Reads a file; an absent one is empty.</summary>
    /// <exception cref="JournalException"><c>MeshRoll.JournalUnreadable</c>.</exception>
    public static JournalReading Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (!File.Exists(path)) return new([], [], false);
            // Whoever writes it is not to be kept from it.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            file.CopyTo(content);
            return Read(content.GetBuffer().AsMemory(0, (int)content.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new JournalException(JournalException.Unreadable, $"The journal '{path}' cannot be read: {error.Message.TrimEnd('.')}.", error) { File = path };
        }
    }

    /// <summary>Reads the content of a journal.</summary>
    internal static JournalReading Read(ReadOnlyMemory<byte> content)
    {
        List<RunEntry> entries = [];
        List<string> remarks = [];
        var (line, start, foreign, repeated, last) = (0, 0, new List<int>(), 0, 0L);
        while (start < content.Length)
        {
            line++;
            var length = content.Span[start..].IndexOf((byte)'\n');
            if (length < 0) break;
            var text = content.Slice(start, length);
            start += length + 1;
            if (text.Span.Trim((byte)' ').Trim((byte)'\r').Length == 0) continue;
            if (length > LongestLine || EntryText.Read(text) is not { } entry) foreign.Add(line);
            else if (entry.Number <= last) repeated++;
            else
            {
                if (entry.Number > last + 1) remarks.Add(last + 2 == entry.Number ? $"entry {last + 1} is missing" : $"entries {last + 1} to {entry.Number - 1} are missing");
                entries.Add(entry);
                last = entry.Number;
            }
        }
        var cut = start < content.Length;
        if (foreign.Count > 0) remarks.Add(foreign.Count == 1 ? $"line {foreign[0]} is no entry, or was cut short, and was passed over" : $"{foreign.Count} lines are no entries, or were cut short, and were passed over (the first is line {foreign[0]})");
        if (repeated > 0) remarks.Add($"{repeated} entries come a second time and were passed over");
        if (cut) remarks.Add($"line {line} has no end: it was read up to the last whole entry ({last})");
        return new(entries, remarks, cut);
    }
}
