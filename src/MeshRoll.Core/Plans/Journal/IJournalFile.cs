namespace MeshRoll.Core.Plans.Journal;

/// <summary>The file of a journal, open for its one writer. Fails as files do: with an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/>.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>What it holds.</summary>
    JournalReading Read();

    /// <summary>Puts something at its end.</summary>
    void Append(ReadOnlySpan<byte> text);

    /// <summary>Returns when what was appended is on the disk.</summary>
    void Flush();
}
