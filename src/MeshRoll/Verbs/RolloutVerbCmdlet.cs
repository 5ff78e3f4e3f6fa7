using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Rollouts.Verbs;
using MeshRoll.Pipeline;

namespace MeshRoll.Verbs;

/// <summary>A command that does one thing to the rollouts of the workloads it is given.</summary>
public abstract class RolloutVerbCmdlet : SelectionCmdlet
{
    private readonly VerbTargets _targets = new();

    /// <summary>Gives the rollout of each workload, for Wait-MeshRollout; one where nothing was done has the state Skipped and says why in Message. Left out, nothing is given.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TryForRecord(() =>
    {
        var selection = CaptureSelection();
        RequireName(selection);
        if (!selection.AllNamespaces && selection is { Names: [], Kinds: [], Namespaces: [], LabelSelector: null })
            throw new InvalidRequestException("MeshRoll.NothingNamed", "Say which workloads: pipe them to this command, or name them with -Name, -Namespace, -Kind, -LabelSelector or -AllNamespaces.");

        _targets.Add(CaptureChoice().Resolve(), selection);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var passThru = PassThru.IsPresent;
        var verb = Attempt(CaptureVerb);
        Run((output, cancellationToken) => RunAsync(verb, passThru, output, cancellationToken));
    }

    /// <summary>What to do, from the parameters.</summary>
    private protected abstract RolloutVerb CaptureVerb();

    /// <summary>Steps of another kind than one verb for all.</summary>
    private protected virtual IEnumerable<(VerbTarget Target, RolloutVerb Verb)> FurtherSteps => [];

    /// <summary>What is worth a warning once something was changed and nothing is passed on that says it; null for nothing.</summary>
    private protected virtual string? Afterwards => null;

    private static Task<Core.Rollouts.MeshRollout> RunEngine(
        MeshCluster cluster, Core.Workloads.WorkloadReference workload, RolloutVerb verb, Func<string, CancellationToken, ValueTask<bool>> approve, CancellationToken cancellationToken) =>
        new VerbEngine(cluster.Session!).RunAsync(workload, verb, approve, cancellationToken: cancellationToken);

    private async Task RunAsync(RolloutVerb verb, bool passThru, ICommandOutput output, CancellationToken cancellationToken)
    {
        var targets = await _targets.ResolveAsync(output, cancellationToken);
        var work = new VerbWork(RunEngine, passThru, output);
        await work.RunAsync([.. targets.Select(target => (target, verb)), .. FurtherSteps], cancellationToken);
        if (work.Changed > 0 && !passThru && Afterwards is { } warning) await output.WriteWarningAsync(warning);
    }
}
