using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.ControlPlane.ProxyStatus;

/// <summary>The revisions that are meant: by name or pattern, or by a tag that leads to one.</summary>
internal sealed class RevisionFilter
{
    private readonly List<(NamePattern Pattern, string? Tagged)> _wanted;
    private readonly HashSet<NamePattern> _met = [];
    private readonly RevisionTags _tags;

    /// <param name="names">Revisions, tags, patterns; none means all.</param>
    /// <param name="tags">What tags stand for.</param>
    public RevisionFilter(IReadOnlyList<string> names, RevisionTags tags)
    {
        _tags = tags;
        _wanted = [.. names.Select(static name => new NamePattern(name.Trim())).Select(pattern =>
            (pattern, pattern.Literal is { } name && tags.IsTag(name) ? tags.Resolve(name).Revision : null))];
    }

    /// <summary>Whether a revision passes; an unknown one passes where all do.</summary>
    public bool IsMatch(string? revision)
    {
        if (_wanted.Count == 0) return true;
        if (revision is null) return false;
        var matches = false;
        foreach (var (pattern, tagged) in _wanted)
        {
            // A tag may be named like another revision: then both are meant.
            if (!pattern.IsMatch(revision) && tagged != revision) continue;
            _met.Add(pattern);
            matches = true;
        }
        return matches;
    }

    /// <summary>What is to be said of names that nothing answered to: a revision without proxies is none, and that is no mistake.</summary>
    public IEnumerable<ReadEvent<MeshProxyStatus>> Unmet(IReadOnlyCollection<string> served)
    {
        foreach (var (pattern, tagged) in _wanted)
        {
            if (_met.Contains(pattern) || tagged is not null) continue;
            if (pattern.Literal is not { } name)
            {
                if (!served.Any(pattern.IsMatch)) yield return new ReadEvent<MeshProxyStatus>.Remark($"No revision fits '{pattern}'.");
            }
            else if (!served.Contains(name) && !_tags.Revisions.Any(revision => revision.Revision == name))
            {
                var known = served.Concat(_tags.Revisions.Select(static revision => revision.Revision!)).Distinct(StringComparer.Ordinal);
                yield return new ReadEvent<MeshProxyStatus>.Failed(NotFoundException.Revision(name, known, _tags.Names.ToDictionary(static tag => tag, tag => _tags.Resolve(tag).Revision!)), name);
            }
        }
    }
}
