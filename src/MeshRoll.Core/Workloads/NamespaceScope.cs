using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Workloads;

/// <summary>The namespaces a selection means, and what is wrong with it.</summary>
public sealed record NamespaceScope
{
    /// <summary>So many namespaces are always listed one by one.</summary>
    private const int FewNamespaces = 4;

    /// <summary>Whether all namespaces are meant.</summary>
    public bool All { get; init; }

    /// <summary>Those meant, in the order the user gave, wildcards in the server's order; empty when all are.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether one list of the whole cluster is cheaper than one of each namespace: most of the cluster's namespaces are meant.</summary>
    public bool PrefersWholeCluster { get; init; }

    /// <summary>Parts of the selection that cannot be met: a pattern and why.</summary>
    public IReadOnlyList<(string Target, MeshRollException Error)> Failures { get; init; } = [];

    /// <summary>Patterns that fit no namespace, in words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The namespaces' labels. For names without wildcards they are still being read when the scope is known.</summary>
    public required Task<NamespaceFacts> Facts { get; init; }

    /// <summary>In words, for messages: <c>namespace shop</c>.</summary>
    public string InWords => All ? "all namespaces" : Names.Count switch
    {
        1 => $"namespace {Names[0]}",
        <= 4 => $"namespaces {string.Join(", ", Names)}",
        _ => $"{Names.Count} namespaces",
    };

    /// <summary>
    /// Resolves a selection. Names without wildcards are taken as they are, without a question; wildcards need the list of namespaces:
    /// where that is forbidden each pattern is a failure that says so, and the rest goes on.
    /// </summary>
    public static async Task<NamespaceScope> ResolveAsync(ClusterSession session, WorkloadSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(selection);
        var patterns = selection.Namespaces.Count == 0 ? [new NamePattern(session.Client.Connection.Namespace)] : selection.Namespaces.Select(static text => new NamePattern(text.Trim())).ToList();
        if (selection.AllNamespaces || patterns.Exists(static pattern => pattern.Text == "*"))
        {
            return new() { All = true, Facts = NamespaceFacts.ReadAsync(session, null, cancellationToken) };
        }
        if (patterns.TrueForAll(static pattern => pattern.IsLiteral))
        {
            List<string> names = [.. patterns.Select(static pattern => pattern.Literal!).Distinct(StringComparer.Ordinal)];
            return new() { Names = names, Facts = NamespaceFacts.ReadAsync(session, names, cancellationToken) };
        }
        return await ExpandAsync(session, patterns, cancellationToken);
    }

    /// <summary>
    /// Namespaces known by name, perhaps most of the cluster's: beyond a few, one question for all of them tells whether lists of the whole cluster are cheaper.
    /// </summary>
    internal static async Task<NamespaceScope> OfNamesAsync(ClusterSession session, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count <= FewNamespaces) return new() { Names = names, Facts = NamespaceFacts.ReadAsync(session, names, cancellationToken) };
        return await ExpandAsync(session, [.. names.Select(static name => new NamePattern(name))], cancellationToken);
    }

    /// <summary>What to say of a namespace that was named and does not exist, with the names that resemble it.</summary>
    public static async Task<NotFoundException> DescribeMissingAsync(ClusterSession session, string name, NamespaceFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var known = facts.Complete ? facts : await NamespaceFacts.ReadAsync(session, null, cancellationToken);
        return NotFoundException.Namespace(name, known.Known.Keys);
    }

    private static async Task<NamespaceScope> ExpandAsync(ClusterSession session, List<NamePattern> patterns, CancellationToken cancellationToken)
    {
        var all = await NamespaceFacts.ReadAsync(session, null, cancellationToken);
        List<string> names = [];
        List<(string, MeshRollException)> failures = [];
        List<string> remarks = [];
        foreach (var pattern in patterns)
        {
            if (pattern.Literal is { } literal)
            {
                Add(literal);
                continue;
            }
            if (!all.Complete)
            {
                failures.Add((pattern.Text, new NamespaceListForbiddenException(pattern.Text, all.Problem)));
                continue;
            }
            var fitting = all.Known.Keys.Where(pattern.IsMatch).ToList();
            if (fitting.Count == 0) remarks.Add($"No namespace fits '{pattern}'.");
            fitting.ForEach(Add);
        }

        return new()
        {
            Names = names,
            Failures = failures,
            Remarks = remarks,
            PrefersWholeCluster = all.Complete && names.Count > FewNamespaces && names.Count * 2 > all.Known.Count,
            Facts = all.Complete
                ? Task.FromResult(all with { Missing = [.. names.Where(name => all.Find(name) is null)] })
                : NamespaceFacts.ReadAsync(session, names, cancellationToken),
        };

        void Add(string name)
        {
            if (!names.Contains(name)) names.Add(name);
        }
    }
}

/// <summary>Wildcards in namespaces need a right the caller does not have. Id: <c>MeshRoll.NamespaceListForbidden</c>.</summary>
public sealed class NamespaceListForbiddenException(string pattern, string problem) : MeshRollException(
    "MeshRoll.NamespaceListForbidden", $"The namespaces that '{pattern}' fits cannot be found: {problem}. Name the namespaces without wildcards.");
