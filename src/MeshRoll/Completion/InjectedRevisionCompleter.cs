using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the revisions of the mesh behind the connection that the command line means, without its tags: those that can be switched to.</summary>
public sealed class InjectedRevisionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => OpenConnection.Find(fakeBoundParameters)?.Injectors().SelectMany(injector => (string?[])[injector.Revision, injector.AsksRevision]).OfType<string>().Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>(), wordToComplete ?? "");
}
