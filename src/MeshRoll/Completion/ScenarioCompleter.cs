using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Completion;

/// <summary>Offers the built-in scenarios, and files where none of them begins as the user did.</summary>
public sealed class ScenarioCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var builtIn = CompletionResults.From(() => BuiltInWorlds.Names, wordToComplete).ToList();
        return builtIn.Count > 0 ? builtIn : CompletionCompleters.CompleteFilename(wordToComplete);
    }
}
