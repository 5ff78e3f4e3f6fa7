using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>
/// Is this workload to be left alone, and why? The user's own list first; then what its owner, or its namespace's, has written on it. The stricter word
/// counts: "never" holds whoever asks and however; "manual" gives way to somebody who names the workload.
/// </summary>
internal static class ExclusionRules
{
    /// <summary>The name of the list that leaves <paramref name="workload"/> out, in words; null when none does.</summary>
    public static string? Listed(WorkloadReference workload, IReadOnlyList<WorkloadName> exclude)
    {
        foreach (var name in exclude)
        {
            if (name.IsMatch(workload)) return $"excluded by {name}";
        }
        return null;
    }

    /// <summary>What the annotations of the workload and its namespace say against a restart; null when they say nothing.</summary>
    /// <param name="workload">Which.</param>
    /// <param name="found">It.</param>
    /// <param name="namespace">Its namespace; null when it could not be read.</param>
    /// <param name="isNamed">Whether the user named it, rather than finding it by a pattern.</param>
    public static string? Annotated(WorkloadReference workload, IKubernetesObject found, Namespace? @namespace, bool isNamed)
    {
        var own = RestartAnnotation.Of(found.Metadata);
        var shared = @namespace is null ? RestartAnnotation.None : RestartAnnotation.Of(@namespace.Metadata);
        // Of two equal words the workload's own is nearer, and so is its reason.
        var (decides, whose) = shared.Wish > own.Wish ? (shared, $"namespace {workload.Namespace} has") : (own, "it has");
        var because = decides.Reason.Length > 0 ? $": {decides.Reason}" : "";
        return decides switch
        {
            { Nonsense: { } word } => $"{whose} the annotation {RestartAnnotation.Key}: {Quoted(word)}, which is neither never nor manual and is taken as never{because}",
            { Wish: RestartWish.Never } => $"{whose} the annotation {RestartAnnotation.Key}: never{because}",
            { Wish: RestartWish.Manual } when !isNamed => $"{whose} the annotation {RestartAnnotation.Key}: manual{because}; name it without wildcards to restart it",
            _ => null,
        };
    }

    /// <summary>What has to be said when namespaces cannot be read: what is written on them is not seen.</summary>
    public static IEnumerable<string> Unseen(NamespaceFacts namespaces) => namespaces.Problem.Length == 0 ? []
        : [$"Namespaces cannot be read ({namespaces.Problem}): an annotation {RestartAnnotation.Key} on one is not seen; those on workloads are."];

    private static string Quoted(string word) => $"\"{word}\"";
}
