namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// A kubeconfig is missing, broken, or does not hold what was asked of it. The message names file and line, what is wrong and the way out;
/// it never repeats a value out of a user's entry.
/// </summary>
public sealed class KubeConfigException(string id, string message, Exception? inner = null) : MeshRollException(id, message, inner)
{
    /// <summary>No kubeconfig where one was named, or none anywhere.</summary>
    public const string NotFound = "MeshRoll.KubeConfigNotFound";

    /// <summary>A file is there but cannot be used.</summary>
    public const string Invalid = "MeshRoll.KubeConfigInvalid";

    /// <summary>No context of that name, or none chosen.</summary>
    public const string ContextNotFound = "MeshRoll.ContextNotFound";

    /// <summary>A context names a cluster or a user that is not there.</summary>
    public const string ContextIncomplete = "MeshRoll.ContextIncomplete";

    /// <summary>The file concerned, or null.</summary>
    public string? File { get; init; }

    /// <summary>The line concerned, counted from 1, or null.</summary>
    public int? Line { get; init; }

    /// <summary>Something in <paramref name="file"/> is wrong; <paramref name="problem"/> is a sentence or two.</summary>
    internal static KubeConfigException InvalidAt(string file, int? line, string problem, Exception? inner = null) =>
        new(Invalid, line is null ? $"The kubeconfig '{file}' cannot be used: {problem}" : $"The kubeconfig '{file}' cannot be used, line {line}: {problem}", inner)
        {
            File = file,
            Line = line,
        };
}
