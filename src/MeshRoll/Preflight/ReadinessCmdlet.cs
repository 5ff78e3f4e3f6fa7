using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Preflight;

/// <summary>A command that looks at workloads before they are restarted.</summary>
public abstract class ReadinessCmdlet : SelectionCmdlet
{
    private readonly ChosenWorkloads _chosen = new();

    /// <summary>Only these rules, with wildcards; about_MeshRolloutReadiness lists them.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReadinessRuleCompleter))]
    public string[] Rule { get; set; } = [];

    /// <summary>Not these rules, with wildcards: what one has looked at and accepts.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReadinessRuleCompleter))]
    public string[] ExcludeRule { get; set; } = [];

    /// <summary>From what age on images that no node has, and init containers, are doubted: 7d, 36h, or a TimeSpan.</summary>
    [Parameter]
    [Duration]
    public TimeSpan ImageAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Looks too whether a node has room for one more pod: it costs a list of all pods of the cluster.</summary>
    [Parameter]
    public SwitchParameter IncludeNodeRoom { get; set; }

    /// <summary>What is below this is left out.</summary>
    private protected abstract FindingSeverity Least { get; }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => TryForRecord(() =>
    {
        var selection = CaptureSelection();
        RequireName(selection);
        ReadinessReader.Check(Query() with { Selection = selection });
        _chosen.Add(CaptureChoice().Resolve(), selection);
    });

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        var (parts, query) = (_chosen.Merge(), Query());
        if (parts.Count > 0) Run((output, cancellationToken) => RunAsync(parts, query, output, cancellationToken));
    }

    /// <summary>Reads and writes, off the pipeline thread.</summary>
    private protected abstract Task RunAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, ReadinessQuery query, ICommandOutput output, CancellationToken cancellationToken);

    /// <summary>Reads the findings of all parts.</summary>
    private protected static Task ReadAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, ReadinessQuery query, Func<MeshReadinessFinding, ValueTask> found, ICommandOutput output, CancellationToken cancellationToken) =>
        ReadWork.RunAsync(
            parts,
            (session, selection, token) => new ReadinessReader(session).ReadAsync(query with { Selection = selection }, token),
            (_, finding) => found(finding),
            output,
            cancellationToken);

    private ReadinessQuery Query() => new() { Rules = Rule, Without = ExcludeRule, OldImages = ImageAge, IncludeNodeRoom = IncludeNodeRoom, Severity = Least };
}
