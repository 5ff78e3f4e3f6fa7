using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the revisions and tags of the mesh behind the connection that the command line means, as its injector webhooks name them.</summary>
public sealed class MeshRevisionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => OpenConnection.Find(fakeBoundParameters)?.MeshRevisions() ?? [], wordToComplete ?? "");
}
