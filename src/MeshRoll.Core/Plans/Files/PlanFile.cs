using System.Text;

namespace MeshRoll.Core.Plans.Files;

/// <summary>Plans on disk.</summary>
public static class PlanFile
{
    /// <summary>Reads a plan.</summary>
    /// <exception cref="PlanFileException"><c>MeshRoll.PlanInaccessible</c> or <c>MeshRoll.PlanInvalid</c>.</exception>
    public static MeshRolloutPlan Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > PlanNodeReader.LongestFile }) throw PlanFileException.At(path, null, $"it has more than {PlanNodeReader.LongestFile >> 20} MB.");
            var text = File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return text.Contains('\0', StringComparison.Ordinal) ? throw PlanFileException.At(path, null, "it is not text.") : PlanReader.Read(path, text);
        }
        catch (DecoderFallbackException error)
        {
            throw PlanFileException.At(path, null, "it is not text in UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new PlanFileException(PlanFileException.Inaccessible, $"The plan '{path}' cannot be read: {error.Message.TrimEnd('.')}.", error) { File = path };
        }
    }

    /// <summary>Writes a plan, wholly or not at all: a file that was there before is replaced in one step.</summary>
    /// <exception cref="PlanFileException"><c>MeshRoll.PlanInaccessible</c>.</exception>
    public static MeshRolloutPlan Write(MeshRolloutPlan plan, string path)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            WholeFile.Write(path, PlanWriter.Write(plan));
            return plan with { File = path };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new PlanFileException(PlanFileException.Inaccessible, $"The plan cannot be written to '{path}': {error.Message.TrimEnd('.')}.", error) { File = path };
        }
    }

    /// <summary>Where the journal of a plan's run lies when nobody says otherwise: beside the plan, <c>night.yaml</c> and <c>night.journal.jsonl</c>.</summary>
    public static string JournalBeside(string path) => Path.ChangeExtension(path, ".journal.jsonl");

    /// <summary>The text of a plan's file.</summary>
    public static string Text(MeshRolloutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return PlanWriter.Write(plan);
    }
}
