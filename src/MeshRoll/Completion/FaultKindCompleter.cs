using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Sandboxes;

namespace MeshRoll.Completion;

/// <summary>Offers what can go wrong in a sandbox's cluster.</summary>
public sealed class FaultKindCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => FaultKinds.Names, wordToComplete);
}
