using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Connections;

namespace MeshRoll.Completion;

/// <summary>Offers the names of the session's open connections.</summary>
public sealed class ConnectionNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => RunspaceConnections.Current.All.Select(cluster => cluster.Name), wordToComplete);
}
