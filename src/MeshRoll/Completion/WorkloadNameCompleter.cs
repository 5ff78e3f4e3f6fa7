using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Completion;

/// <summary>Offers workloads by name; with their kind once the user has written one and a slash.</summary>
public sealed class WorkloadNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionResults.From(() => Workloads(fakeBoundParameters, (wordToComplete ?? "").Trim('\'', '"')), wordToComplete ?? "");

    private static IEnumerable<string> Workloads(IDictionary parameters, string begun)
    {
        if (OpenConnection.Find(parameters) is not { } connection) return [];

        var @namespace = parameters["Namespace"]?.ToString() is { Length: > 0 } given && !NamePattern.HasWildcards(given) ? given : null;
        var known = Fitting(connection, @namespace);
        if (known.Count == 0)
        {
            connection.LookUpWorkloads(@namespace ?? connection.Namespace);
            known = Fitting(connection, @namespace);
        }

        var slash = begun.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? known.Select(workload => workload.Name)
            : known.Where(workload => workload.Kind == WorkloadKinds.Find(begun[..slash])).Select(workload => begun[..slash] + "/" + workload.Name);
    }

    private static List<KnownWorkload> Fitting(OpenConnection connection, string? @namespace) =>
        [.. connection.Names.Workloads.Where(workload => @namespace is null || workload.Namespace == @namespace)];
}
