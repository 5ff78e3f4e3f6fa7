using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Core.Permissions;

namespace MeshRoll.Completion;

/// <summary>Offers the features of commands that need rights of their own.</summary>
public sealed class FeatureCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => PermissionReader.Features, wordToComplete);
}
