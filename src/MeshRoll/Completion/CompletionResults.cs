using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Turns words into what the host offers: those that begin as the user did, quoted where PowerShell needs it.</summary>
internal static class CompletionResults
{
    private static readonly char[] s_quotes = ['\'', '"'];

    /// <summary>The words that fit; none when anything at all goes wrong, for completion must never show an error.</summary>
    public static IEnumerable<CompletionResult> From(Func<IEnumerable<string>> words, string wordToComplete) => From(words, wordToComplete, Quoted);

    /// <summary>The expressions that fit, as they are.</summary>
    public static IEnumerable<CompletionResult> FromExpressions(Func<IEnumerable<string>> expressions, string wordToComplete) => From(expressions, wordToComplete, expression => expression);

    private static IEnumerable<CompletionResult> From(Func<IEnumerable<string>> words, string wordToComplete, Func<string, string> write)
    {
        try
        {
            var begun = (wordToComplete ?? "").Trim(s_quotes);
            return [.. words().Where(word => word.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal)
                .Select(word => new CompletionResult(write(word), word, CompletionResultType.ParameterValue, word))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static string Quoted(string word) => word.All(IsPlain) ? word : $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':' or '\\';
}
