namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>Guesses what somebody meant who mistyped a word.</summary>
internal static class NearestWord
{
    /// <summary>The allowed word that is most like this one, or null when none is near enough to be meant.</summary>
    public static string? Find(string word, IEnumerable<string> allowed)
    {
        var best = allowed
            .Select(candidate => (Word: candidate, Distance: Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Word, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, word.Length / 3) ? best.Word : null;
    }

    /// <summary>The suggestion as the beginning of a sentence's end, or nothing: <c> Did you mean 'replicas'?</c></summary>
    public static string Suggest(string word, IEnumerable<string> allowed) => Find(word, allowed) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>How many signs must be put in, taken out, changed, or swapped with their neighbour, to make one word of the other.</summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[one.Length, other.Length];
    }
}
