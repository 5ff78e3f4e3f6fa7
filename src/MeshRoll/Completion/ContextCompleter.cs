using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Completion;

/// <summary>Offers the contexts of the kubeconfig, of the one given by -KubeConfig where there is one.</summary>
public sealed class ContextCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => KubeConfig.ReadContextNames(fakeBoundParameters["KubeConfig"]?.ToString()), wordToComplete);
}
