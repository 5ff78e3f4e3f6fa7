using System.Management.Automation;
using MeshRoll.Connections;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Waiting;

namespace MeshRoll.Commands;

/// <summary>Waits until rollouts have ended, and gives each back as it ends: done, failed with the reason, or not done in time.</summary>
/// <remarks>
/// <para>
/// Any number of rollouts is followed by one list and watch for each resource. Each comes out once, however it ended: look at State, or at the
/// errors, which are non-terminating and have the rollout as TargetObject: MeshRoll.RolloutFailed, MeshRoll.RolloutTimedOut, and for one that is done
/// MeshRoll.SidecarStillOutdated when its new pods do not carry the sidecar wanted, or MeshRoll.InjectedTwice when they carry two. A rollout fails as soon as it cannot
/// come back by itself, such as with an image that does not exist, rather than when its time is over; -NoFailFastDiagnosis waits all the same.
/// Get-MeshRolloutDiagnosis -IncludeLog tells more about one that failed.
/// </para>
/// <para>
/// Waiting changes nothing: Ctrl+C ends it at once, leaves the cluster as it is and says what still moves.
/// </para>
/// </remarks>
/// <notes>Needs the rights to get, list and watch the workloads, pods, replicasets and events.</notes>
/// <example>
/// <title>Restart and wait, at most two hours</title>
/// <code>Get-MeshWorkload -Namespace shop -Outdated | Start-MeshRolloutRestart | Wait-MeshRollout -Timeout 2h</code>
/// <remarks>Rollouts are followed from the moment they are started.</remarks>
/// </example>
/// <example>
/// <title>In a script: stop at the first failure</title>
/// <code>
/// $ErrorActionPreference = 'Stop'
/// $rollouts | Wait-MeshRollout -FailFast -Timeout 30m | Export-Csv result.csv
/// </code>
/// <remarks>Waiting ends with the first rollout that failed; a warning names those that still move.</remarks>
/// </example>
/// <example>
/// <title>Wait for a rollout that somebody else started</title>
/// <code>Wait-MeshRollout -Namespace shop -Name deploy/web -Timeout 600</code>
/// <remarks>Without a generation to wait for, the newest state of the workload counts.</remarks>
/// </example>
/// <seealso cref="StartMeshRolloutRestartCommand"/>
/// <seealso cref="GetMeshRolloutCommand"/>
/// <seealso cref="GetMeshRolloutDiagnosisCommand"/>
[Cmdlet(VerbsLifecycle.Wait, "MeshRollout", DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class WaitMeshRolloutCommand : SelectionCmdlet
{
    private const string ByRollout = "Rollout";

    private readonly HashSet<RolloutKey> _named = [];
    private readonly ChosenWorkloads _lookUp = new();
    private WaitWork? _wait;
    private CommandPump? _pump;
    private FarewellWarning? _farewell;

    /// <summary>Rollouts, from Start-MeshRolloutRestart or Get-MeshRollout.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRollout)]
    [ValidateNotNull]
    [RolloutReference]
    public MeshRollout[] Rollout { get; set; } = [];

    /// <summary>The time allowed to all together: 600, 10m, 1h30m or a TimeSpan; a plain number is seconds. Left out, there is no limit but a Deployment's own progress deadline.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Asks the server at this interval instead of watching, for servers whose watches do not last: 10, 30s. Left out, watches.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan? PollInterval { get; set; }

    /// <summary>Ends waiting with the first rollout that failed or was not done in time; a warning names those that still move.</summary>
    [Parameter]
    public SwitchParameter FailFast { get; set; }

    /// <summary>
    /// Waits out the time allowed, or a Deployment's own progress deadline, even when a finding says that a rollout cannot come back by itself: for when
    /// somebody is about to mend it.
    /// </summary>
    [Parameter]
    public SwitchParameter NoFailFastDiagnosis { get; set; }

    /// <summary>Gives back every rollout that came in: with -FailFast also those that still moved when waiting ended, as they were last seen.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _wait = new(FailFast);
        _farewell = FarewellWarning.Prepare(this);
        _pump = StartPump(_wait.RunAsync);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByRollout)
        {
            foreach (var rollout in Rollout) TryForRecord(() => Follow(CaptureGivenChoice().ResolveFor(rollout.Cluster), rollout), rollout);
        }
        else
        {
            TryForRecord(FollowByName);
        }
        _pump?.Drain();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_pump is not { } pump || _wait is not { } wait) return;

        var parts = _lookUp.Merge();
        if (parts.Count == 0) wait.Complete();
        else wait.Begin((output, cancellationToken) => LookUpAsync(wait, parts, output, cancellationToken));
        Finish(pump);
        if (wait.EndedEarly) SayWhatMoves(wait.Board.Moving);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _wait?.Dispose();
    }

    private protected override void OnStopping()
    {
        if (_wait?.Board.Moving is { Count: > 0 } moving) _farewell?.Write($"Stopped waiting; nothing was changed. Still moving: {RolloutText.Names(moving)}.");
    }

    private void Follow(MeshCluster cluster, MeshRollout rollout)
    {
        var options = new FollowOptions { TimeoutAll = Timeout, PollInterval = PollInterval, FailOnFatalFinding = !NoFailFastDiagnosis };
        _wait!.Add(rollout, cluster, () => new EngineFollower(new RolloutFollower(cluster.Session!, options)));
    }

    private void FollowByName()
    {
        var selection = CaptureSelection();
        RequireName(selection);
        foreach (var cluster in CaptureChoice().Resolve())
        {
            if (WorkloadTargets.NamedInFull(selection, cluster.Namespace) is not { } named) _lookUp.Add([cluster], selection);
            else foreach (var workload in named) FollowOnce(cluster, workload);
        }
    }

    private void FollowOnce(MeshCluster cluster, WorkloadReference workload)
    {
        var rollout = RolloutReading.Unknown(cluster.Name, workload);
        if (_named.Add(RolloutKey.Of(rollout))) Follow(cluster, rollout);
    }

    // What was chosen by a pattern is looked up when all of it is known.
    private async Task LookUpAsync(WaitWork wait, IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> parts, ICommandOutput output, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (cluster, selection) in parts)
                await WorkloadTargets.LookUpAsync(cluster, selection, new SidecarQuery { IncludeGateway = true }, workload => Take(cluster, workload), output, cancellationToken);
        }
        finally
        {
            wait.Complete();
        }

        void Take(MeshCluster cluster, MeshWorkload workload)
        {
            if (WorkloadKinds.Restartable.Contains(workload.Kind)) FollowOnce(cluster, new(workload.Namespace, workload.Kind, workload.Name));
        }
    }

    private void SayWhatMoves(IReadOnlyList<MeshRollout> moving)
    {
        if (moving.Count > 0) WriteWarning($"Stopped waiting at the first failure. Still moving: {RolloutText.Names(moving)}.");
        if (PassThru) WriteObject(moving, enumerateCollection: true);
    }
}
