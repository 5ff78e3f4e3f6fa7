using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Core.Permissions;

namespace MeshRoll.Completion;

/// <summary>Offers the commands of MeshRoll that have a row in the table of rights.</summary>
public sealed class CmdletCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => PermissionReader.Cmdlets, wordToComplete);
}
