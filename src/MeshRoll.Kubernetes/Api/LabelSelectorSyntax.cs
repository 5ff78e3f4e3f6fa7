namespace MeshRoll.Kubernetes.Api;

/// <summary>
/// Checks a label selector before anything is asked with it. The syntax is that of apimachinery's labels package:
/// requirements separated by commas, each <c>key</c>, <c>!key</c>, <c>key=value</c>, <c>key==value</c>, <c>key!=value</c>,
/// <c>key in (a,b)</c>, <c>key notin (a,b)</c>, <c>key&gt;1</c> or <c>key&lt;1</c>.
/// </summary>
public static class LabelSelectorSyntax
{
    private const int LongestName = 63;
    private const int LongestPrefix = 253;

    /// <summary>What is wrong with a selector.</summary>
    /// <returns>A sentence, or null when the selector is right. An empty selector is right: it selects everything.</returns>
    public static string? Validate(string selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        var scanner = new Scanner(selector);
        if (scanner.AtEnd) return null;
        do
        {
            if (Requirement(ref scanner) is { } wrong) return $"The label selector \"{selector}\" is not valid: {wrong}.";
        }
        while (scanner.Take(","));
        return scanner.AtEnd ? null : $"The label selector \"{selector}\" is not valid: \"{scanner.Rest}\" is too much; requirements are separated by commas.";
    }

    private static string? Requirement(ref Scanner scanner)
    {
        var isAbsence = scanner.Take("!");
        var key = scanner.Word();
        if (WrongKey(key) is { } wrong) return wrong;
        if (isAbsence || scanner.AtEnd || scanner.Sees(",")) return null;

        if (scanner.Take("==") || scanner.Take("!=") || scanner.Take("=")) return WrongValue(scanner.Word());
        if (scanner.Take(">") || scanner.Take("<"))
        {
            // A number here is a label's value as well, and no label's value begins with a minus.
            var number = scanner.Word();
            return long.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out _) ? WrongValue(number) : $"after \"{key}\" and > or < follows a whole number";
        }
        return scanner.Word() switch
        {
            "in" or "notin" => Values(ref scanner, key),
            "" => $"after \"{key}\" follows =, ==, !=, in, notin, > or <, not \"{scanner.Rest}\"",
            var word => $"after \"{key}\" follows =, ==, !=, in, notin, > or <, not \"{word}\"",
        };
    }

    private static string? Values(ref Scanner scanner, string key)
    {
        if (!scanner.Take("(")) return $"the values for \"{key}\" stand in brackets";
        do
        {
            if (WrongValue(scanner.Word()) is { } wrong) return wrong;
        }
        while (scanner.Take(","));
        return scanner.Take(")") ? null : $"the bracket with the values for \"{key}\" does not end";
    }

    private static string? WrongKey(string key)
    {
        if (key.Length == 0) return "a key is missing";
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && !IsDomain(key.AsSpan(0, slash))) return $"\"{key[..slash]}\" before the slash is no DNS name";
        var name = key[(slash + 1)..];
        return name.Length > 0 && IsName(name) ? null : $"\"{key}\" is no label key (letters, digits, '-', '_' and '.', at most {LongestName}, beginning and ending with a letter or digit)";
    }

    private static string? WrongValue(string value) =>
        value.Length == 0 || IsName(value) ? null : $"\"{value}\" is no label value (letters, digits, '-', '_' and '.', at most {LongestName}, beginning and ending with a letter or digit)";

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestName || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }
        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestPrefix) return false;
        var before = '.';
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.')) return false;
            if (c is '-' or '.' && before is '.') return false;
            if (c is '.' && before is '-') return false;
            before = c;
        }
        return before is not ('-' or '.');
    }

    /// <summary>Takes words and signs off the front; blanks between them do not count.</summary>
    private ref struct Scanner(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text.TrimStart();

        public readonly bool AtEnd => _rest.IsEmpty;

        public readonly string Rest => _rest.ToString();

        public readonly bool Sees(string sign) => _rest.StartsWith(sign);

        public bool Take(string sign)
        {
            if (!Sees(sign)) return false;
            _rest = _rest[sign.Length..].TrimStart();
            return true;
        }

        public string Word()
        {
            var length = 0;
            while (length < _rest.Length && !char.IsWhiteSpace(_rest[length]) && _rest[length] is not ('=' or '!' or ',' or '(' or ')' or '<' or '>')) length++;
            var word = _rest[..length].ToString();
            _rest = _rest[length..].TrimStart();
            return word;
        }
    }
}
