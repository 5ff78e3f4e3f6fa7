using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the containers of the one workload that the command line names, each with the image it has now, ready to be changed.</summary>
public sealed class ContainerImageCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.FromExpressions(() => Images(fakeBoundParameters), wordToComplete ?? "");

    private static IEnumerable<string> Images(IDictionary parameters) => NamedWorkload.Find(parameters) is var (connection, workload)
        ? connection.Images(workload).Select(image => $"@{{ '{CodeGeneration.EscapeSingleQuotedStringContent(image.Key)}' = '{CodeGeneration.EscapeSingleQuotedStringContent(image.Value)}' }}")
        : [];
}
