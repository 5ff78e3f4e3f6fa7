namespace MeshRoll.Sandbox.Objects;

/// <summary>Names with <c>*</c> for any signs and <c>?</c> for one.</summary>
internal static class Pattern
{
    /// <summary>Whether a name is meant.</summary>
    public static bool Matches(string pattern, string name) =>
        pattern.AsSpan().IndexOfAny('*', '?') < 0 ? pattern == name : System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false);
}
