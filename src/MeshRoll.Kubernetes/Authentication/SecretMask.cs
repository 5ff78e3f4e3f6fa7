using System.Text;

namespace MeshRoll.Kubernetes.Authentication;

/// <summary>
/// Hides what looks like a secret in text a plugin wrote. It cannot know every secret; it hides what the kubeconfig gave the plugin,
/// long random-looking words, what follows words such as "token" or "password", and passwords in URLs.
/// </summary>
internal static class SecretMask
{
    private const string Mask = "***";
    private const int LongWord = 20;
    private const int ShortestKnown = 6;
    private const int Lines = 3;
    private const int Width = 300;

    private static readonly string[] s_labels = ["token", "password", "passwd", "secret", "bearer", "basic", "authorization", "credential", "apikey", "api_key", "api-key", "private_key", "assertion"];

    /// <summary>The last lines of <paramref name="text"/> in one, masked and without control characters; empty when there is nothing to show.</summary>
    public static string Summarize(string text, IEnumerable<string> known)
    {
        foreach (var secret in known.Where(value => value.Length >= ShortestKnown).OrderByDescending(value => value.Length))
            text = text.Replace(secret, Mask, StringComparison.Ordinal);

        var lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" / ", lines.TakeLast(Lines).Select(line => Shorten(MaskLine(line))));
    }

    private static string Shorten(string line) => line.Length <= Width ? line : string.Concat(line.AsSpan(0, Width), "…");

    private static string MaskLine(string line)
    {
        var result = new StringBuilder(line.Length);
        var afterLabel = false;
        for (var i = 0; i < line.Length;)
        {
            if (!IsWord(line[i]))
            {
                // "token: x", "token=x", "Bearer x" and {"token":"x"}: the label reaches over separators, not over the end of a clause.
                if (line[i] is ',' or ';' or '}')
                    afterLabel = false;

                result.Append(char.IsControl(line[i]) ? ' ' : line[i]);
                i++;
                continue;
            }

            var start = i;
            while (i < line.Length && IsWord(line[i]))
                i++;

            var word = line[start..i];
            var label = IsLabel(word);
            var named = afterLabel && !label && (Separated(line, start) || LooksRandom(word, 8));
            result.Append(named || LooksRandom(word, LongWord) || IsUrlPassword(line, start, i) ? Mask : word);
            afterLabel = label;
        }

        return result.ToString();
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '.' or '~';

    private static bool IsLabel(string word) => s_labels.Any(label => word.EndsWith(label, StringComparison.OrdinalIgnoreCase));

    // A value is told from the next word of a sentence ("token expired") by the sign between it and its label.
    private static bool Separated(string line, int start)
    {
        for (var i = start - 1; i >= 0 && !IsWord(line[i]); i--)
        {
            if (line[i] is ':' or '=')
                return true;
        }

        return false;
    }

    private static bool LooksRandom(string word, int length) =>
        word.Length >= length && word.Any(char.IsAsciiDigit) && word.Any(char.IsAsciiLetter);

    private static bool IsUrlPassword(string line, int start, int end) =>
        end < line.Length && line[end] == '@' && start > 0 && line[start - 1] == ':';
}
