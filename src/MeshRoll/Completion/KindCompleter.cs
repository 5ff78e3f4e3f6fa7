using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Completion;

/// <summary>Offers the kinds of workload.</summary>
public sealed class KindCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => WorkloadKinds.Restartable, wordToComplete);
}
