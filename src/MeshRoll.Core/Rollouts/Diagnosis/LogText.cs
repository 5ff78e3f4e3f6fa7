using System.Text.RegularExpressions;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// Makes fit to be shown what a container wrote: without control characters, in lines of bounded length, and without what looks like a secret. It cannot
/// know every secret; it hides what follows words such as password or token, what Authorization headers and URLs carry, JWTs, private keys, and long
/// words that mix capitals, small letters and digits as only random ones do.
/// </summary>
internal static partial class LogText
{
    public const string Mask = "***";

    private const int LongestLine = 400;

    // Bounded before it is matched: no expression sees more than this.
    private const int LongestMatched = 2000;

    /// <summary>The last <paramref name="lines"/> lines that are not empty, one below the other.</summary>
    public static string Of(string log, int lines)
    {
        var shown = new List<string>();
        var inKey = false;
        foreach (var raw in log.Split('\n', '\r'))
        {
            var line = PlainText.Of(raw.Length <= LongestMatched ? raw : raw[..LongestMatched]).TrimEnd();
            if (line.Length == 0) continue;
            var (begins, ends) = (KeyBegins().Match(line), KeyEnds().IsMatch(line));
            if (begins.Success)
            {
                shown.Add(Line(line[..begins.Index] + Mask));
                inKey = !ends;
            }
            else if (ends)
            {
                // The beginning of a key may lie before the first line there is: then all so far is of the key.
                if (!inKey) shown = [Mask];
                inKey = false;
            }
            else if (!inKey)
            {
                shown.Add(Line(line));
            }
        }
        return string.Join('\n', shown.TakeLast(lines));
    }

    /// <summary>One text in one line, such as a termination message or the answer of a probe.</summary>
    public static string Line(string text)
    {
        var line = PlainText.Of(text.Length <= LongestMatched ? text : text[..LongestMatched]).Trim();
        line = Header().Replace(line, $"$1{Mask}");
        line = Labelled().Replace(line, $"$1{Mask}");
        line = UrlPassword().Replace(line, $"$1{Mask}@");
        line = Jwt().Replace(line, Mask);
        line = LongWord().Replace(line, word => LooksRandom(word.ValueSpan) ? Mask : word.Value);
        return line.Length <= LongestLine ? line : string.Concat(line.AsSpan(0, LongestLine), "…");
    }

    private static bool LooksRandom(ReadOnlySpan<char> word) =>
        word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('A', 'Z') && word.ContainsAnyInRange('a', 'z');

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex KeyBegins();

    [GeneratedRegex(@"-----END [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex KeyEnds();

    // "Bearer x" and "Basic x" wherever they stand, with or without the header's name.
    [GeneratedRegex(@"\b((?:bearer|basic)\s+)[A-Za-z0-9+/=._~-]{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    // A value is told from the next word of a sentence ("token expired") by the sign between it and its label.
    [GeneratedRegex(@"((?:passw(?:or)?d|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization)\\?[""']?\s*[:=]\s*\\?[""']?)(?!\*\*\*|bearer\b|basic\b)[^\s""'\\,;&)}\]]+", RegexOptions.IgnoreCase)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"(://[^\s:/@]*:)[^\s/@]+@")]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"[A-Za-z0-9+/_]{32,}={0,2}")]
    private static partial Regex LongWord();
}
