using System.Text;

namespace MeshRoll.Kubernetes.Api;

/// <summary>The first words of an answer that was meant for people.</summary>
internal static class PageText
{
    private const int Longest = 120;

    /// <summary>The words without tags, on one line, cut to a readable length.</summary>
    public static string FirstWords(ReadOnlySpan<byte> page)
    {
        var text = Encoding.UTF8.GetString(page[..Math.Min(page.Length, 16 << 10)]);
        var words = new StringBuilder();
        var inTag = false;
        foreach (var c in text)
        {
            if (words.Length > Longest) break;
            if (c == '<') inTag = true;
            var shown = !inTag && !char.IsControl(c) && !char.IsWhiteSpace(c);
            if (shown) words.Append(c);
            else if (words.Length > 0 && words[^1] != ' ') words.Append(' ');
            if (c == '>') inTag = false;
        }
        var result = words.ToString().Trim();
        return result.Length > Longest ? result[..Longest].TrimEnd() + "…" : result;
    }
}
