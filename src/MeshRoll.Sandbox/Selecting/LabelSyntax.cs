namespace MeshRoll.Sandbox.Selecting;

/// <summary>What may be a label's key and value, with the API server's words for what may not.</summary>
internal static class LabelSyntax
{
    private const int LongestName = 63;
    private const int LongestPrefix = 253;

    private const string NamePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string LabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string NameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + NamePattern + "')";

    private const string DomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'example.com', regex used for validation is '" + LabelPattern + @"(\." + LabelPattern + ")*')";

    /// <summary>Whether a key is right.</summary>
    public static bool IsKey(ReadOnlySpan<char> key)
    {
        var slash = key.IndexOf('/');
        return (slash < 0 || IsDomain(key[..slash])) && key.Length - slash - 1 <= LongestName && IsName(key[(slash + 1)..]);
    }

    /// <summary>Whether a value is right. The empty one is.</summary>
    public static bool IsValue(ReadOnlySpan<char> value) => value.IsEmpty || (value.Length <= LongestName && IsName(value));

    /// <summary>What is wrong with a key; nothing when it is right.</summary>
    public static IReadOnlyList<string> KeyErrors(string key)
    {
        if (IsKey(key)) return [];
        var parts = key.Split('/');
        if (parts.Length > 2) return ["a qualified name " + NameRule + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];

        var errors = new List<string>();
        if (parts.Length == 2)
        {
            if (parts[0].Length == 0) errors.Add("prefix part must be non-empty");
            else errors.AddRange(DomainErrors(parts[0]).Select(error => "prefix part " + error));
        }
        var name = parts[^1];
        if (name.Length == 0) errors.Add("name part must be non-empty");
        else if (name.Length > LongestName) errors.Add($"name part must be no more than {LongestName} characters");
        if (!IsName(name)) errors.Add("name part " + NameRule);
        return errors;
    }

    /// <summary>What is wrong with a value; nothing when it is right. The empty one is.</summary>
    public static IReadOnlyList<string> ValueErrors(string value)
    {
        if (IsValue(value)) return [];
        var errors = new List<string>();
        if (value.Length > LongestName) errors.Add($"must be no more than {LongestName} characters");
        if (!IsName(value))
        {
            errors.Add(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
                "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(" + NamePattern + ")?')");
        }
        return errors;
    }

    /// <summary>What is wrong with a DNS subdomain, the form of most objects' names.</summary>
    public static IReadOnlyList<string> DomainErrors(string domain)
    {
        var errors = new List<string>();
        if (domain.Length > LongestPrefix) errors.Add($"must be no more than {LongestPrefix} characters");
        if (!HasLabels(domain)) errors.Add(DomainRule);
        return errors;
    }

    /// <summary>Whether a text is a DNS subdomain.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text) => text.Length <= LongestPrefix && HasLabels(text);

    /// <summary>A text in quotes, as Go's <c>%q</c> writes it.</summary>
    public static string Quoted(string text)
    {
        var quoted = new System.Text.StringBuilder(text, text.Length + 8);
        quoted.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\t", "\\t");
        return $"\"{quoted}\"";
    }

    /// <summary>Whether a text has the signs of a DNS label (RFC 1123); how long it may be depends on what it names.</summary>
    public static bool IsDnsLabel(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == '-' || text[^1] == '-') return false;
        foreach (var sign in text)
        {
            if (!(char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-')) return false;
        }
        return true;
    }

    // Every object that comes in is asked this of each of its labels.
    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (var sign in text)
        {
            if (!(char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.')) return false;
        }
        return true;
    }

    private static bool HasLabels(ReadOnlySpan<char> domain)
    {
        for (var dot = domain.IndexOf('.'); dot >= 0; dot = domain.IndexOf('.'))
        {
            if (!IsDnsLabel(domain[..dot])) return false;
            domain = domain[(dot + 1)..];
        }
        return IsDnsLabel(domain);
    }
}
