using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the injector webhooks of the mesh behind the connection that the command line means.</summary>
public sealed class InjectorNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => OpenConnection.Find(fakeBoundParameters)?.Injectors().Select(injector => injector.Name) ?? [], wordToComplete ?? "");
}
