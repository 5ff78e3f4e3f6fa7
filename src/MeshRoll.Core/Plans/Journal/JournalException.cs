using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Plans.Journal;

/// <summary>A journal cannot be written or read: the disk is full, the file is read-only, or another process writes it.</summary>
public sealed class JournalException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner)
{
    /// <summary>It cannot be written. A run that cannot write down what it decides decides nothing more.</summary>
    public const string Unwritable = "MeshRoll.JournalUnwritable";

    /// <summary>It cannot be read, or is the journal of another plan.</summary>
    public const string Unreadable = "MeshRoll.JournalUnreadable";

    /// <summary>The file.</summary>
    public string File { get; init; } = "";
}
