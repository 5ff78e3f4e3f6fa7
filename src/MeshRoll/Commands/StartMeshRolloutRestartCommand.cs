using System.Collections.Concurrent;
using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Restarts;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Restarting;
using MeshRoll.Waiting;

namespace MeshRoll.Commands;

/// <summary>Restarts workloads, paced: a few at a time, each when its turn comes, and nothing further once one does not come back.</summary>
/// <remarks>
/// <para>
/// A rolling restart is what kubectl rollout restart does: the pod template gets an annotation, and the controllers replace the pods by the
/// workload's own update strategy. A workload whose sidecars are all up to date when its turn comes is skipped; -Force restarts it anyway.
/// </para>
/// <para>
/// Emits the rollout of each workload as soon as it was started, and returns when the last one was started, so that Wait-MeshRollout behind
/// it follows all of them. What cannot be restarted (paused, update strategy OnDelete, no right to patch) is an error of its own; the rest goes on.
/// </para>
/// <para>
/// A rolling restart is carried out by the cluster, whatever becomes of this command. -Strategy Surge and Evict are carried out by the command itself,
/// which therefore returns when the last of them has ended. While it works on a workload, the workload carries its mark (label and annotation
/// meshroll.io/run): a second run is refused, and after a crash another run finishes what the first began, or Repair-MeshWorkload takes it back.
/// Ctrl+C puts the workload back at once, and says how it was left.
/// </para>
/// <para>
/// A workload, or its namespace, can say by an annotation that it wants no restarts. meshroll.io/restart: never leaves it alone whoever asks, even by name
/// and with -Force; meshroll.io/restart: manual leaves it alone unless it is named without wildcards by -Name, or piped in with -Force. Any other word is
/// taken as never. A reason in meshroll.io/restart-reason is shown. Such workloads come out as Skipped, with the reason as Message.
/// </para>
/// <para>
/// While the cluster itself is unwell nothing further is started, and a warning says why: more nodes than -MaxNotReadyNodes have become NotReady, more pods
/// than -MaxPendingPods find no node, or the API server throttles or fails requests. It goes on when that has passed for some seconds, and stops after
/// -HoldTimeout with MeshRoll.WalkStopped. What moves already goes on all the while.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to get, list, watch and patch the workloads and to list and watch pods and replicasets; for Surge and Evict also to create
/// pods/eviction, and for Surge to list horizontalpodautoscalers.
/// </notes>
/// <example>
/// <title>What would be done?</title>
/// <code>Get-MeshWorkload -Namespace shop -Outdated | Start-MeshRolloutRestart -WhatIf</code>
/// <remarks>Names each workload with its pods and how long it will take, and changes nothing.</remarks>
/// </example>
/// <example>
/// <title>Restart what is outdated, three at a time, and wait</title>
/// <code>
/// Get-MeshSidecarVersion -Namespace shop* -Outdated |
///     Start-MeshRolloutRestart -MaxConcurrent 3 -Delay 30s -StopAfterFailures 1 -Confirm:$false |
///     Wait-MeshRollout -Timeout 2h
/// </code>
/// <remarks>After each workload that ended, 30 seconds pass before the next takes its place.</remarks>
/// </example>
/// <example>
/// <title>Restart two workloads by name, outdated or not</title>
/// <code>Start-MeshRolloutRestart -Namespace shop -Name deploy/web, sts/db -Force</code>
/// <remarks>A name with its kind is taken at its word and needs no search.</remarks>
/// </example>
/// <example>
/// <title>From a file</title>
/// <code>Import-Csv restart.csv | Start-MeshRolloutRestart -Force</code>
/// <remarks>Rows with the columns Namespace, Kind and Name, and Cluster where there are several, say what to restart.</remarks>
/// </example>
/// <example>
/// <title>Where disruption budgets must hold: one pod at a time, five minutes apart</title>
/// <code>Get-MeshWorkload -Namespace shop -Outdated | Start-MeshRolloutRestart -Strategy Evict -PodDelay 5m | Wait-MeshRollout</code>
/// <remarks>A budget that allows no disruption is waited for; the message says which.</remarks>
/// </example>
/// <example>
/// <title>What fits each workload: at 3 a.m., unattended</title>
/// <code>
/// Get-MeshWorkload -AllNamespaces -Outdated |
///     Start-MeshRolloutRestart -Strategy Auto -StopAfterFailures 1 -Confirm:$false |
///     Wait-MeshRollout | Select-Object Namespace, Name, Strategy, StrategyReason, State, Message
/// </code>
/// <remarks>Nothing that would take the last ready pod of a workload away is done unless -AllowDowntime says so.</remarks>
/// </example>
/// <example>
/// <title>A big namespace, gently, and without what must not be touched</title>
/// <code>
/// Get-MeshWorkload -Namespace shop -Outdated |
///     Start-MeshRolloutRestart -MaxConcurrent 20 -MaxPodsInTransition 30 -Exclude sts/*, deploy/payments
/// </code>
/// <remarks>However many workloads move, no more than 30 of their pods are coming up or missing at a time. What was excluded comes out as Skipped.</remarks>
/// </example>
/// <seealso cref="WaitMeshRolloutCommand"/>
/// <seealso cref="RepairMeshWorkloadCommand"/>
/// <seealso cref="GetMeshWorkloadCommand"/>
[Cmdlet(VerbsLifecycle.Start, "MeshRolloutRestart", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRollout))]
public sealed class StartMeshRolloutRestartCommand : SelectionCmdlet
{
    private const string BySidecar = "Sidecar";
    private const string ByWorkload = "Workload";

    private readonly RestartPlan _plan = new();
    private readonly ChosenWorkloads _chosen = new();
    private readonly ConcurrentQueue<MeshRollout> _takenBack = new();
    private FarewellWarning? _farewell;

    /// <summary>Sidecars, from Get-MeshSidecarVersion: the workloads of their pods are restarted, each once.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = BySidecar)]
    [ValidateNotNull]
    public MeshSidecar[] Sidecar { get; set; } = [];

    /// <summary>Workloads, from Get-MeshWorkload.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByWorkload)]
    [ValidateNotNull]
    public MeshWorkload[] Workload { get; set; } = [];

    /// <summary>
    /// How pods are replaced. Rolling: by the workload's own update strategy, as kubectl rollout restart does. Surge (Deployments): one more pod first, then
    /// the old ones go one at a time while as many as wanted are ready, then the count is restored. Evict: one pod at a time through the eviction API,
    /// as disruption budgets allow, the next when the replacement is ready. Auto: what fits each workload; the rollout says which and why.
    /// </summary>
    [Parameter]
    [ValidateSet(nameof(RestartStrategy.Rolling), nameof(RestartStrategy.Surge), nameof(RestartStrategy.Evict), nameof(RestartStrategy.Auto))]
    public string Strategy { get; set; } = nameof(RestartStrategy.Rolling);

    /// <summary>Surge and Evict: the pause after a replacement is ready before the next pod goes: 30, 30s, 5m or a TimeSpan.</summary>
    [Parameter]
    [Duration]
    public TimeSpan PodDelay { get; set; }

    /// <summary>Surge: how many pods are added.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int SurgeCount { get; set; } = 1;

    /// <summary>Evict: how many pods of a workload may be missing at a time; above 1 for DaemonSets on many nodes.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int MaxUnavailable { get; set; } = 1;

    /// <summary>Evict and Auto: lets the last ready pod of a workload go before its replacement is ready.</summary>
    [Parameter]
    public SwitchParameter AllowDowntime { get; set; }

    /// <summary>Surge: goes ahead though an autoscaler sets the workload's count.</summary>
    [Parameter]
    public SwitchParameter IgnoreAutoscaler { get; set; }

    /// <summary>How many workloads of a cluster move at a time; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int MaxConcurrent { get; set; } = 5;

    /// <summary>The pause after each workload that ended before the next takes its place: 30, 30s, 5m, 1h30m or a TimeSpan. A plain number is seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Delay { get; set; }

    /// <summary>How many workloads may fail before nothing further is started; 0 for never stopping.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int StopAfterFailures { get; set; } = 1;

    /// <summary>The time allowed to each workload, after which it counts as failed: 600, 10m, 1h30m or a TimeSpan. Left out, an estimate with a generous margin.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// How many pods may be coming up or missing at a time, over all workloads of a cluster that this command moves; 0 for no limit. A workload waits for its
    /// turn while what it moves at a time (its surge and what may be missing; one when evicted) would exceed that. One that exceeds it alone goes when nothing else moves.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int MaxPodsInTransition { get; set; }

    /// <summary>Workloads to leave alone, though they were named or piped in: names as -Name takes them, such as web*, deploy/cart or ds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    public string[] Exclude { get; set; } = [];

    /// <summary>How many nodes may become NotReady while this command runs before it starts nothing further. Left out, a twentieth of all; nodes that were not ready before do not count.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int? MaxNotReadyNodes { get; set; }

    /// <summary>How many pods of the namespaces concerned may find no node, beyond as many as there were at the start, before nothing further is started.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int MaxPendingPods { get; set; } = 10;

    /// <summary>How long to wait for the cluster to be well again before restarting is stopped: 600, 10m, 1h or a TimeSpan; 0 stops at once.</summary>
    [Parameter]
    [Duration]
    public TimeSpan HoldTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Goes on whatever nodes, pods without a node and the API server's answers say.</summary>
    [Parameter]
    public SwitchParameter IgnoreClusterHealth { get; set; }

    /// <summary>Lets a workload have all of its time though it cannot come back by itself, such as with an image that does not exist.</summary>
    [Parameter]
    public SwitchParameter NoFailFastDiagnosis { get; set; }

    /// <summary>
    /// Restarts also what is up to date. Workloads from the pipe count as named then, so that those annotated meshroll.io/restart: manual are restarted too;
    /// never stays never.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The name that changes are recorded under in managedFields, where GitOps tools look who changed what.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string FieldManager { get; set; } = "meshroll";

    // What was begun is put back first.
    private protected override TimeSpan? EndPatience => TimeSpan.FromSeconds(12);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _farewell = FarewellWarning.Prepare(this);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case BySidecar:
                foreach (var sidecar in Sidecar) TryForRecord(() => _plan.Add(CaptureGivenChoice().ResolveFor(sidecar.Cluster), sidecar, isNamed: Force), sidecar);
                break;
            case ByWorkload:
                foreach (var workload in Workload) TryForRecord(() => _plan.Add(CaptureGivenChoice().ResolveFor(workload.Cluster), workload, isNamed: Force), workload);
                break;
            default:
                TryForRecord(ChooseByName);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var options = new RestartOptions
        {
            MaxConcurrent = MaxConcurrent,
            Delay = Delay,
            StopAfterFailures = StopAfterFailures,
            Timeout = Timeout,
            Force = Force,
            Strategy = Enum.Parse<RestartStrategy>(Strategy, ignoreCase: true),
            PodDelay = PodDelay,
            SurgeCount = SurgeCount,
            MaxUnavailable = MaxUnavailable,
            AllowDowntime = AllowDowntime,
            IgnoreAutoscaler = IgnoreAutoscaler,
            FieldManager = FieldManager,
            FailOnFatalFinding = !NoFailFastDiagnosis,
            Guards = new()
            {
                MaxPodsInTransition = MaxPodsInTransition,
                Exclude = Exclude,
                MaxNotReadyNodes = MaxNotReadyNodes,
                MaxPendingPods = MaxPendingPods,
                HoldTimeout = HoldTimeout,
                IgnoreClusterHealth = IgnoreClusterHealth,
            },
            TakenBack = _takenBack.Enqueue,
        };
        var chosen = _chosen.Merge();
        if (chosen.Count > 0 || _plan.Clusters.Count > 0) Run((output, cancellationToken) => RestartAsync(chosen, options, output, cancellationToken));
        foreach (var rollout in _takenBack) _farewell?.Write(RolloutText.Line(rollout));
    }

    private static IAsyncEnumerable<RestartEvent> RunEngine(MeshCluster cluster, IReadOnlyList<RestartTarget> targets, RestartOptions options, CancellationToken cancellationToken) =>
        new RestartEngine(cluster.Session!).RunAsync(targets, options, cancellationToken);

    private void ChooseByName()
    {
        var selection = CaptureSelection();
        RequireName(selection);
        if (!selection.AllNamespaces && selection is { Names: [], Kinds: [], Namespaces: [], LabelSelector: null })
            throw new InvalidRequestException("MeshRoll.NothingNamed", "Say what to restart: pipe workloads or sidecars to this command, or name them with -Name, -Namespace, -Kind, -LabelSelector or -AllNamespaces.");

        _chosen.Add(CaptureChoice().Resolve(), selection);
    }

    private async Task RestartAsync(
        IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> chosen, RestartOptions options, ICommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var (cluster, selection) in chosen) await ChooseAsync(cluster, selection, options, output, cancellationToken);
        await new RestartWork(RunEngine, output).RunAsync(_plan, options, cancellationToken);
    }

    // What is found by a pattern is left alone without much ado when it cannot be restarted; what was named gets its error from the engine.
    private async Task ChooseAsync(MeshCluster cluster, WorkloadSelection selection, RestartOptions options, ICommandOutput output, CancellationToken cancellationToken)
    {
        if (WorkloadTargets.NamedInFull(selection, cluster.Namespace) is { } named)
        {
            foreach (var workload in named) _plan.Add(cluster, workload);
            return;
        }

        var literal = selection.Names.Count > 0 && !selection.Names.Any(NamePattern.HasWildcards);
        var left = new List<MeshWorkload>();
        await WorkloadTargets.LookUpAsync(cluster, selection, new SidecarQuery { OutdatedOnly = !options.Force && !literal }, Take, output, cancellationToken);
        foreach (var workload in left) await output.WriteVerboseAsync($"Left alone: {workload.Namespace} {workload.Kind.ToLowerInvariant()}/{workload.Name}: {workload.Reason}");

        void Take(MeshWorkload workload)
        {
            if (workload.Restartable || literal || IsMadeAnew(workload)) _plan.Add(cluster, workload, WorkloadName.AreNaming(new(workload.Namespace, workload.Kind, workload.Name), selection.Names));
            else left.Add(workload);
        }

        // Its pods come back when they are evicted, though nothing else restarts them.
        bool IsMadeAnew(MeshWorkload workload) => workload.Kind == WorkloadKinds.ReplicaSet && options.Strategy is RestartStrategy.Evict or RestartStrategy.Auto;
    }
}
