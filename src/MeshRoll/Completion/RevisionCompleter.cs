using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the revisions of the one workload that the command line names, the newest first, on a connection that is open.</summary>
public sealed class RevisionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => Revisions(fakeBoundParameters), wordToComplete ?? "");

    private static IEnumerable<string> Revisions(IDictionary parameters) => NamedWorkload.Find(parameters) is var (connection, workload)
        ? connection.Revisions(workload).Select(number => number.ToString(CultureInfo.InvariantCulture))
        : [];
}
