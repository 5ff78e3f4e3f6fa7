using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Core.Preflight;

namespace MeshRoll.Completion;

/// <summary>Offers the rules of the preflight.</summary>
public sealed class ReadinessRuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => ReadinessReader.Rules, wordToComplete);
}
