using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Plans.Files;

/// <summary>A plan's file is missing or says something it may not. The message names file and line, what is wrong and what is allowed.</summary>
public sealed class PlanFileException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner)
{
    /// <summary>No such file, or it cannot be read or written.</summary>
    public const string Inaccessible = "MeshRoll.PlanInaccessible";

    /// <summary>The file is not a plan that this version understands.</summary>
    public const string Invalid = "MeshRoll.PlanInvalid";

    /// <summary>The file concerned.</summary>
    public string File { get; init; } = "";

    /// <summary>The line concerned, counted from 1; null where none is.</summary>
    public int? Line { get; init; }

    /// <summary>Something in a file is wrong.</summary>
    internal static PlanFileException At(string file, int? line, string problem, Exception? inner = null) =>
        new(Invalid, line is null ? $"The plan '{file}' cannot be used: {problem}" : $"The plan '{file}' cannot be used, line {line}: {problem}", inner) { File = file, Line = line };
}
