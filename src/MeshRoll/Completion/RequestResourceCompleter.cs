using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MeshRoll.Completion;

/// <summary>Offers the resources that requests of a restart are about.</summary>
public sealed class RequestResourceCompleter : IArgumentCompleter
{
    private static readonly string[] s_resources =
    [
        "configmaps", "daemonsets", "deployments", "events", "horizontalpodautoscalers", "jobs", "mutatingwebhookconfigurations", "namespaces", "nodes",
        "poddisruptionbudgets", "pods", "pods/eviction", "replicasets", "rollouts", "secrets", "selfsubjectaccessreviews", "services", "statefulsets",
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => s_resources, wordToComplete);
}
