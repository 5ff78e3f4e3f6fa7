using System.Buffers;
using System.Globalization;
using System.Text;

namespace MeshRoll.Core;

/// <summary>
/// Text that comes from a cluster is foreign: an application writes its own termination message, probe answers and log lines, and none of them may
/// steer the terminal that shows them.
/// </summary>
internal static class PlainText
{
    private const char Escape = '\u001b';

    // What an ASCII or Latin text cannot hold needs no look at categories: only these, and what lies beyond, may be invisible.
    private static readonly SearchValues<char> s_suspects = SearchValues.Create([.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Select(code => (char)code), '\u00ad']);

    /// <summary>The text in one line: control characters are spaces, terminal sequences and invisible characters are gone.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAny(s_suspects) < 0 && !text.AsSpan().ContainsAnyInRange('\u0600', '\uffff')) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == Escape) i = EndOfSequence(text, i);
            else if (char.IsControl(text[i])) plain.Append(' ');
            // Among them the marks that turn the direction of writing: a line must not read otherwise than it is.
            else if (CharUnicodeInfo.GetUnicodeCategory(text[i]) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)) plain.Append(text[i]);
        }
        return plain.ToString();
    }

    /// <summary>Where a terminal sequence ends that begins here (ECMA-48: a CSI ends with a byte from @ to ~, an OSC with BEL or ST).</summary>
    private static int EndOfSequence(string text, int start)
    {
        if (start + 1 >= text.Length) return start;
        var i = start + 2;
        switch (text[start + 1])
        {
            case '[':
                while (i < text.Length && text[i] is < '@' or > '~') i++;
                return Math.Min(i, text.Length - 1);
            case ']' or 'P' or '_' or '^' or 'X':
                while (i < text.Length && text[i] is not ('\a' or Escape)) i++;
                // ST is ESC and a backslash.
                return Math.Min(i < text.Length && text[i] == Escape ? i + 1 : i, text.Length - 1);
            default:
                return start + 1;
        }
    }
}
