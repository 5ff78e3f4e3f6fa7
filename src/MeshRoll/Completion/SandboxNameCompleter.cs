using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Sandboxes;

namespace MeshRoll.Completion;

/// <summary>Offers the names of the session's sandboxes.</summary>
public sealed class SandboxNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => RunspaceSandboxes.Running.Select(sandbox => sandbox.Name), wordToComplete);
}
