using System.Text;
using System.Text.Json;

namespace MeshRoll.Sandbox.Selecting;

/// <summary>A field selector: <c>metadata.name=web,status.phase!=Running</c>.</summary>
internal sealed class FieldSelector
{
    private readonly Term[] _terms;

    private FieldSelector(Term[] terms) => _terms = terms;

    /// <summary>Selects every object.</summary>
    public static FieldSelector Everything { get; } = new([]);

    /// <summary>Whether every object is selected.</summary>
    public bool IsEverything => _terms.Length == 0;

    /// <summary>Reads a selector of a kind. The empty text selects everything; so do empty terms.</summary>
    /// <exception cref="SelectorException">The syntax is wrong, or the kind has no such selectable field.</exception>
    public static FieldSelector Parse(string selector, string kind)
    {
        var terms = Terms(selector).Where(term => term.Length > 0).Order(StringComparer.Ordinal).Select(term => ParseTerm(selector, term, kind)).ToArray();
        return terms.Length == 0 ? Everything : new(terms);
    }

    /// <summary>Whether this object is selected.</summary>
    public bool Matches(JsonElement document)
    {
        foreach (var term in _terms)
        {
            if (term.IsEqual != (term.Field.Read(document) == term.Value)) return false;
        }
        return true;
    }

    /// <summary>The one value a field must have, where the selector says so: a watch of <c>metadata.name=web</c> needs to look at nothing else.</summary>
    public string? RequiredValue(string field) => _terms.FirstOrDefault(term => term.IsEqual && term.Field.Name == field)?.Value;

    // At commas, but not at those with a backslash before them.
    private static List<string> Terms(string selector)
    {
        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i < selector.Length; i++)
        {
            if (selector[i] == '\\') i++;
            else if (selector[i] == ',')
            {
                terms.Add(selector[start..i]);
                start = i + 1;
            }
        }
        terms.Add(selector[start..]);
        return terms;
    }

    private static Term ParseTerm(string selector, string term, string kind)
    {
        var at = term.AsSpan().IndexOfAny('=', '!');
        while (at >= 0 && term[at] == '!' && !term.AsSpan(at + 1).StartsWith("="))
        {
            var next = term.AsSpan(at + 1).IndexOfAny('=', '!');
            at = next < 0 ? -1 : at + 1 + next;
        }
        if (at < 0) throw new SelectorException($"invalid selector: '{selector}'; can't understand '{term}'");

        var isEqual = term[at] == '=';
        var length = term.AsSpan(at).StartsWith("!=") || term.AsSpan(at).StartsWith("==") ? 2 : 1;
        var value = Unescape(term[(at + length)..]);
        return new(SelectableFields.Find(kind, term[..at]), isEqual, value);
    }

    private static string Unescape(string text)
    {
        var value = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // The server prints the character's number, not the character.
            if (c is ',' or '=') throw new SelectorException($"invalid field selector: unescaped character in value: {(int)c}");
            if (c == '\\')
            {
                var next = i + 1 < text.Length ? text.Substring(i + 1, 1) : "";
                if (next is not ("\\" or "," or "=")) throw new SelectorException($"invalid field selector: invalid escape sequence: \\{next}");
                c = text[++i];
            }
            value.Append(c);
        }
        return value.ToString();
    }

    private sealed record Term(SelectableField Field, bool IsEqual, string Value);
}
