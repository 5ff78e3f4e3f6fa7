namespace MeshRoll.Core.Workloads;

/// <summary>
/// Checks label selectors before a server is asked. Source: Kubernetes documentation, "Labels and Selectors": requirements joined by commas;
/// <c>key</c>, <c>!key</c>, <c>key=value</c>, <c>==</c>, <c>!=</c>, <c>key in (a,b)</c>, <c>notin</c>; and the server's <c>&gt;</c> and <c>&lt;</c>.
/// </summary>
public static class LabelSelectorSyntax
{
    /// <summary>Fails unless <paramref name="selector"/> is well formed; null and empty select everything.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.SelectorInvalid</c>, naming the requirement that is wrong.</exception>
    public static void Check(string? selector)
    {
        if (string.IsNullOrWhiteSpace(selector)) return;
        foreach (var requirement in Split(selector)) CheckRequirement(selector, requirement.Trim());
    }

    private static void CheckRequirement(string selector, string requirement)
    {
        if (requirement.Length == 0) throw Invalid(selector, "a requirement is empty");

        if (requirement[0] == '!')
        {
            CheckKey(selector, requirement[1..].Trim());
            return;
        }

        var open = requirement.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            CheckSet(selector, requirement, open);
            return;
        }

        var at = requirement.AsSpan().IndexOfAny("=!<>");
        if (at < 0)
        {
            CheckKey(selector, requirement);
            return;
        }

        CheckKey(selector, requirement[..at].Trim());
        var comparison = requirement[at..] switch
        {
            ['=', '=', ..] or ['!', '=', ..] => 2,
            ['=' or '<' or '>', ..] => 1,
            _ => throw Invalid(selector, $"'{requirement}' has no operator that is known"),
        };
        var value = requirement[(at + comparison)..].Trim();
        if (requirement[at] is '<' or '>' && !long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            throw Invalid(selector, $"'{requirement}' compares with '{value}', which is no whole number");
        }
        CheckValue(selector, value);
    }

    private static void CheckSet(string selector, string requirement, int open)
    {
        if (!requirement.EndsWith(')')) throw Invalid(selector, $"'{requirement}' has no closing bracket at its end");
        if (requirement[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var key, "in" or "notin"])
        {
            throw Invalid(selector, $"'{requirement}' is not of the form 'key in (a,b)' or 'key notin (a,b)'");
        }
        CheckKey(selector, key);
        foreach (var value in requirement[(open + 1)..^1].Split(',')) CheckValue(selector, value.Trim());
    }

    // [prefix/]name: the prefix a DNS subdomain of up to 253 characters, the name of up to 63.
    private static void CheckKey(string selector, string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && !IsSubdomain(key.AsSpan(0, slash))) throw Invalid(selector, $"'{key[..slash]}' is no label prefix");
        var name = key.AsSpan(slash + 1);
        if (name.Length == 0 || !IsName(name)) throw Invalid(selector, $"'{key}' is no label name");
    }

    private static void CheckValue(string selector, string value)
    {
        if (value.Length > 0 && !IsName(value)) throw Invalid(selector, $"'{value}' is no label value");
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length > 63 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')) return false;
        }
        return true;
    }

    private static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 253 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('-' or '.')) return false;
        }
        return true;
    }

    // Commas within brackets belong to a set.
    private static IEnumerable<string> Split(string selector)
    {
        int start = 0, depth = 0;
        for (var i = 0; i < selector.Length; i++)
        {
            if (selector[i] == '(') depth++;
            else if (selector[i] == ')') depth--;
            else if (selector[i] == ',' && depth == 0)
            {
                yield return selector[start..i];
                start = i + 1;
            }
        }
        yield return selector[start..];
    }

    private static InvalidRequestException Invalid(string selector, string what) =>
        new("MeshRoll.SelectorInvalid", $"The label selector '{selector}' cannot be read: {what}. Write it as kubectl does, for example app=web,tier in (front,back),!canary.");
}
