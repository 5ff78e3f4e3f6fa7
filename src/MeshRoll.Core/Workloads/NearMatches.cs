namespace MeshRoll.Core.Workloads;

/// <summary>The names a person may have meant.</summary>
public static class NearMatches
{
    /// <summary>Up to <paramref name="limit"/> of <paramref name="names"/> that resemble <paramref name="wanted"/>, best first.</summary>
    public static IReadOnlyList<string> Find(string wanted, IEnumerable<string> names, int limit = 3)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(names);
        var lower = wanted.ToLowerInvariant();
        return
        [
            .. names.Distinct(StringComparer.Ordinal)
                .Select(name => (name, distance: Distance(lower, name)))
                .Where(near => near.distance <= Math.Max(2, lower.Length / 3)
                    || (lower.Length > 2 && (near.name.Contains(lower, StringComparison.Ordinal) || lower.Contains(near.name, StringComparison.Ordinal))))
                .OrderBy(near => near.distance).ThenBy(near => near.name, StringComparer.Ordinal)
                .Take(limit)
                .Select(near => near.name),
        ];
    }

    /// <summary><c> Did you mean web or web-api?</c>, beginning with a blank; empty when nothing resembles it.</summary>
    public static string Sentence(string wanted, IEnumerable<string> names)
    {
        var near = Find(wanted, names);
        return near.Count switch
        {
            0 => "",
            1 => $" Did you mean {near[0]}?",
            _ => $" Did you mean {string.Join(", ", near.Take(near.Count - 1))} or {near[^1]}?",
        };
    }

    // Levenshtein's, with one row.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
