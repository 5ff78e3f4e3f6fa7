namespace MeshRoll.Sandbox.Objects;

/// <summary>Names with <c>*</c> for any signs and <c>?</c> for one.</summary>
internal static class Pattern
{
    /// <summary>Whether a name is meant.</summary>
    public static bool Matches(string pattern, string name) =>
        pattern.AsSpan().IndexOfAny('*', '?') < 0 ? pattern == name : System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false);

    /// <summary>Whether a name is meant, whatever the case. Of what has no name at all, only <c>*</c> and the empty pattern speak.</summary>
    public static bool Like(string pattern, string name) =>
        pattern == "*" || (pattern.Length == 0 ? name.Length == 0 : System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true));
}
