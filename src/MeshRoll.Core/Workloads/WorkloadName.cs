namespace MeshRoll.Core.Workloads;

/// <summary>Which workloads a user means by one name: a kind, a name with wildcards, or both, as kubectl users type them.</summary>
/// <param name="Kind">Deployment, StatefulSet, DaemonSet or Rollout; null for any.</param>
/// <param name="Pattern">The name; <c>*</c> when only a kind was given.</param>
public sealed record WorkloadName(string? Kind, NamePattern Pattern)
{
    /// <summary>Whether exactly one name is meant, so that its absence is worth an error.</summary>
    public bool IsLiteral => Pattern.IsLiteral;

    /// <summary>
    /// Reads <c>web</c>, <c>web*</c>, <c>deploy/web</c>, <c>deployment.apps/web</c>, <c>sts/db-*</c>, or a kind alone: <c>ds</c>, <c>rollouts</c>.
    /// A workload whose name is a kind's word is written with a slash: <c>deploy/deploy</c>.
    /// </summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.NameInvalid</c>: not a name, or a kind that MeshRoll does not restart.</exception>
    public static WorkloadName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Length == 0) throw Invalid("An empty name names no workload");

        var slash = trimmed.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            if (WorkloadKinds.Find(trimmed) is { } kindAlone) return new(kindAlone, new("*"));
            return new(null, Name(trimmed, trimmed));
        }

        var word = trimmed[..slash];
        if (WorkloadKinds.Find(word) is not { } kind) throw Invalid($"'{word}' in '{text}' is no kind of workload that MeshRoll knows");
        return new(kind, Name(trimmed[(slash + 1)..], trimmed));
    }

    /// <summary>Reads kinds as users write them; empty means all.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.NameInvalid</c>.</exception>
    public static IReadOnlyList<string> ParseKinds(IEnumerable<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        List<string> found = [];
        foreach (var word in kinds)
        {
            var kind = WorkloadKinds.Find(word.Trim()) ?? throw Invalid($"'{word}' is no kind of workload that MeshRoll knows");
            if (!found.Contains(kind)) found.Add(kind);
        }
        return found;
    }

    /// <summary>Whether <paramref name="workload"/> is meant. A name without kind also means what cannot be restarted (pods, jobs).</summary>
    public bool IsMatch(WorkloadReference workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return (Kind is null || Kind == workload.Kind) && Pattern.IsMatch(workload.Name);
    }

    /// <summary>Whether one of <paramref name="names"/>, as a user wrote them, names this very workload: no wildcard, and no kind alone.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.NameInvalid</c>.</exception>
    public static bool AreNaming(WorkloadReference workload, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(workload);
        return names.Select(Parse).Any(name => name.IsLiteral && name.IsMatch(workload));
    }

    /// <summary>As kubectl users write it.</summary>
    public override string ToString() => Kind is null ? Pattern.Text : $"{Kind.ToLowerInvariant()}/{Pattern.Text}";

    private static NamePattern Name(string name, string whole)
    {
        if (name.Length == 0) throw Invalid($"'{whole}' names a kind and no workload: leave the slash out, or add a name or *");
        foreach (var character in name)
        {
            // RFC 1123 subdomains, and the wildcards. Capitals are forgiven: matching does not regard case.
            if (char.IsAsciiLetterOrDigit(character) || "-.*?[]`".Contains(character, StringComparison.Ordinal)) continue;
            throw Invalid($"'{whole}' is no workload's name: '{character}' cannot be in one");
        }
        return new(name);
    }

    private static InvalidRequestException Invalid(string what) =>
        new("MeshRoll.NameInvalid", $"{what}. Write a name with or without wildcards, or kind/name with one of {WorkloadKinds.Allowed}.");
}
