using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the namespaces of the connection that the command line means.</summary>
public sealed class NamespaceCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => Namespaces(fakeBoundParameters), wordToComplete);

    private static IEnumerable<string> Namespaces(IDictionary parameters)
    {
        if (OpenConnection.Find(parameters) is not { } connection) return [];

        // One namespace is what a first command has met; it says nothing about the others.
        if (connection.Names.Namespaces.Take(2).Count() < 2) connection.LookUpNamespaces();
        return connection.Names.Namespaces;
    }
}
