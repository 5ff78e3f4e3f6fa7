using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Connections;
using MeshRoll.Core;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Plans.Windows;
using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;
using MeshRoll.Plans;

namespace MeshRoll.Commands;

/// <summary>Makes a plan of restarts: which workloads, in which waves, how fast, and when. Restarts nothing.</summary>
/// <remarks>
/// <para>
/// The plan is an object, and with -Path also a file in YAML that can be reviewed, compared with another, changed by hand, and carried out by
/// Start-MeshRolloutPlan on this machine or another. Waves follow each other: the canaries of -CanaryCount first (the workloads with the fewest pods), then
/// by -Wave, or by namespace or label as -GroupBy says.
/// </para>
/// <para>
/// What an owner wrote on a workload as meshroll.io/after (kind/name, or namespace/kind/name, several with commas) comes before it in any case: the
/// workload gets a later wave, and a finding of the plan says when it was moved. A circle is an error that names it.
/// </para>
/// <para>
/// The estimate of a workload is the time its last rollout took where that is known, else what its probes and its update strategy promise. Findings tells
/// what was left out or moved.
/// </para>
/// <para>
/// Readiness tells what Get-MeshRolloutReadiness finds of the workloads: for each rule how bad it is, how many it concerns, the first ten of them, and why it
/// hurts. Errors and warnings alone; a rule that could not be checked is there with the reason. It stands in the file for whoever reviews it, and
/// Test-MeshRolloutPlan tells what of it is different later. -SkipReadiness leaves it out.
/// </para>
/// </remarks>
/// <notes>
/// Needs the rights to list pods and workloads; with the right to list replicasets the estimates know past rollouts. What
/// Get-MeshRolloutReadiness reads is needed for Readiness, and told as not checked where it may not be read.
/// </notes>
/// <example>
/// <title>What is outdated in the shop, two canaries first, at night</title>
/// <code>
/// Get-MeshWorkload -Namespace shop* -Outdated |
///     New-MeshRolloutPlan -CanaryCount 2 -CanarySoak 30m -GroupBy Namespace -Window 'Mon-Fri 22:00-05:00 Europe/Berlin' -Path shop.yaml
/// </code>
/// <remarks>The file goes to review; Start-MeshRolloutPlan -Path shop.yaml carries it out.</remarks>
/// </example>
/// <example>
/// <title>By tier, the back first, not over Christmas</title>
/// <code>New-MeshRolloutPlan -AllNamespaces -GroupBy Label -Label tier -Order data, back, front -Freeze '2026-12-20..2027-01-06 Europe/Berlin (Christmas)' -Path all.yaml</code>
/// <remarks>Workloads without the label are the last wave.</remarks>
/// </example>
/// <example>
/// <title>What would be in it?</title>
/// <code>(New-MeshRolloutPlan -Namespace shop -Wave 'web*', 'deploy/cart').Waves | Format-Table Name, Estimate, Workloads</code>
/// <remarks>Without -Path nothing is written. What fits none of -Wave is the last wave.</remarks>
/// </example>
/// <example>
/// <title>What would hurt?</title>
/// <code>(New-MeshRolloutPlan -Namespace shop).Readiness | Format-Table Severity, Id, Count, Workloads</code>
/// <remarks>The same as of Get-MeshRolloutReadiness -Severity Warning, one line for each rule.</remarks>
/// </example>
/// <seealso cref="TestMeshRolloutPlanCommand"/>
/// <seealso cref="GetMeshRolloutReadinessCommand"/>
/// <seealso cref="GetMeshRolloutPlanCommand"/>
/// <seealso cref="GetMeshWorkloadCommand"/>
[Cmdlet(VerbsCommon.New, "MeshRolloutPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByName)]
[OutputType(typeof(MeshRolloutPlan))]
public sealed class NewMeshRolloutPlanCommand : SelectionCmdlet
{
    private const string BySidecar = "Sidecar";
    private const string ByWorkload = "Workload";

    private readonly PlanParts _parts = new();
    private readonly ChosenWorkloads _chosen = new();

    /// <summary>Sidecars, from Get-MeshSidecarVersion: the workloads of their pods are planned.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = BySidecar)]
    [ValidateNotNull]
    public MeshSidecar[] Sidecar { get; set; } = [];

    /// <summary>Workloads, from Get-MeshWorkload.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByWorkload)]
    [ValidateNotNull]
    public MeshWorkload[] Workload { get; set; } = [];

    /// <summary>The file to write. One that is there is replaced, unless -NoClobber says otherwise.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Leaves a file that is there as it is: an error says so.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The plan's name, for people. Left out, one from the date.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateLength(1, 100)]
    public string? PlanName { get; set; }

    /// <summary>How many workloads make a first wave of their own: those with the fewest pods that nothing has to come before.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int CanaryCount { get; set; }

    /// <summary>How long to watch after the canaries, where it is not as long as -Soak: 600, 10m, 1h30m or a TimeSpan.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? CanarySoak { get; set; }

    /// <summary>When the canaries may be started, where that is not when -Window says: by day, while people watch them. Written as -Window; the plan's freezes hold for them too.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] CanaryWindow { get; set; } = [];

    /// <summary>What makes a wave: the namespace, the value of -Label, or nothing (one wave).</summary>
    [Parameter]
    public WaveGrouping GroupBy { get; set; }

    /// <summary>The label whose values make the waves.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Label { get; set; }

    /// <summary>The namespaces or label values in the order of their waves. Others follow.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Order { get; set; } = [];

    /// <summary>Waves by hand, in order: names as -Name takes them, such as web*, deploy/cart or ds. The rest is the last wave.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    public string[] Wave { get; set; } = [];

    /// <summary>When workloads may be started: days, times and an IANA time zone, such as Mon-Fri 22:00-05:00 Europe/Berlin. Several are allowed; none is always.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Window { get; set; } = [];

    /// <summary>Days on which nothing may be started: 2026-12-24, or 2026-12-20..2027-01-06 Europe/Berlin (Christmas).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Freeze { get; set; } = [];

    /// <summary>How pods are replaced, as in Start-MeshRolloutRestart. Auto chooses what fits each workload.</summary>
    [Parameter]
    [ValidateSet(nameof(RestartStrategy.Rolling), nameof(RestartStrategy.Surge), nameof(RestartStrategy.Evict), nameof(RestartStrategy.Auto))]
    public string Strategy { get; set; } = nameof(RestartStrategy.Auto);

    /// <summary>How many workloads of a wave move at a time; 0 for no limit. Left out, 5.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int? MaxConcurrent { get; set; }

    /// <summary>The pause after each workload that ended before the next takes its place: 30, 30s, 5m or a TimeSpan.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Delay { get; set; }

    /// <summary>Surge and Evict: the pause after a replacement is ready before the next pod goes.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? PodDelay { get; set; }

    /// <summary>The failure budget of a wave: how many workloads may fail before nothing further is started; 0 for never stopping. Left out, 1.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int? StopAfterFailures { get; set; }

    /// <summary>How long to watch after each wave before the next begins: 600, 10m, 1h30m or a TimeSpan.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? Soak { get; set; }

    /// <summary>The time allowed to each workload. Left out, an estimate with a generous margin.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How many pods may be coming up or missing at a time; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    public int? MaxPodsInTransition { get; set; }

    /// <summary>Plans also what is up to date, and restarts it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Lets the last serving pod of a workload go before its replacement serves.</summary>
    [Parameter]
    public SwitchParameter AllowDowntime { get; set; }

    /// <summary>Surge: goes ahead though an autoscaler sets the workload's count.</summary>
    [Parameter]
    public SwitchParameter IgnoreAutoscaler { get; set; }

    /// <summary>Workloads to leave out, now and when the plan runs: names as -Name takes them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WorkloadNameCompleter))]
    public string[] Exclude { get; set; } = [];

    /// <summary>Leaves out what Get-MeshRolloutReadiness would find of the workloads: the plan then says nothing of it, and reads a dozen lists less.</summary>
    [Parameter]
    public SwitchParameter SkipReadiness { get; set; }

    /// <summary>The namespace of the Lease that keeps two machines from carrying the plan out at the same time. Left out, that of its first workload.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? LeaseNamespace { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case BySidecar:
                foreach (var sidecar in Sidecar) TryForRecord(() => AddEach(CaptureGivenChoice().ResolveFor(sidecar.Cluster), sidecar), sidecar);
                break;
            case ByWorkload:
                foreach (var workload in Workload) TryForRecord(() => _parts.Add(CaptureGivenChoice().ResolveFor(workload.Cluster), workload), workload);
                break;
            default:
                TryForRecord(ChooseByName);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var request = Attempt(Capture);
        var path = Path is null ? null : PlanPaths.Full(this, Path);
        var (noClobber, force, chosen) = (NoClobber.IsPresent, Force.IsPresent, _chosen.Merge());
        if (path is not null && noClobber && File.Exists(path)) Attempt<object>(() => throw new PlanFileException(PlanFileException.Inaccessible, $"'{path}' is there already, and -NoClobber leaves it as it is.") { File = path });
        Run((output, cancellationToken) => MakeAsync(request, chosen, force, path, output, cancellationToken));
    }

    private void AddEach(MeshCluster cluster, MeshSidecar sidecar) => _parts.Add(cluster, sidecar);

    private void ChooseByName()
    {
        var selection = CaptureSelection();
        RequireName(selection);
        if (!selection.AllNamespaces && selection is { Names: [], Kinds: [], Namespaces: [], LabelSelector: null })
            throw new InvalidRequestException("MeshRoll.NothingNamed", "Say what to plan: pipe workloads or sidecars to this command, or name them with -Name, -Namespace, -Kind, -LabelSelector or -AllNamespaces.");

        var clusters = CaptureChoice().Resolve();
        foreach (var cluster in clusters) _parts.Use(cluster);
        _chosen.Add(clusters, selection);
    }

    private PlanRequest Capture()
    {
        if (GroupBy == WaveGrouping.Label && Label is null) throw new InvalidRequestException("MeshRoll.LabelMissing", "-GroupBy Label needs -Label: the label whose values make the waves.");
        return new()
        {
            Targets = [],
            Name = PlanName ?? "",
            CanaryCount = CanaryCount,
            CanarySoak = CanarySoak,
            CanaryWindows = [.. CanaryWindow.Select(MaintenanceWindow.Parse)],
            // A label alone says what is meant.
            GroupBy = Label is not null ? WaveGrouping.Label : GroupBy,
            Label = Label ?? "",
            Order = Order,
            Waves = Wave,
            Windows = [.. Window.Select(MaintenanceWindow.Parse)],
            Freezes = [.. Freeze.Select(FreezePeriod.Parse)],
            Exclude = Exclude,
            SkipReadiness = SkipReadiness,
            LeaseNamespace = LeaseNamespace ?? "",
            Settings = new()
            {
                Strategy = Enum.Parse<RestartStrategy>(Strategy, ignoreCase: true),
                MaxConcurrent = MaxConcurrent,
                Delay = Delay,
                PodDelay = PodDelay,
                StopAfterFailures = StopAfterFailures,
                Soak = Soak,
                Timeout = Timeout,
                MaxPodsInTransition = MaxPodsInTransition,
                Force = Force ? true : null,
                AllowDowntime = AllowDowntime ? true : null,
                IgnoreAutoscaler = IgnoreAutoscaler ? true : null,
            },
        };
    }

    private async Task MakeAsync(
        PlanRequest request, IReadOnlyList<(MeshCluster Cluster, WorkloadSelection Selection)> chosen, bool force, string? path, ICommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var (cluster, selection) in chosen)
        {
            // What is found by a pattern counts when it is outdated; what was named is wanted.
            var literal = selection.Names.Count > 0 && !selection.Names.Any(NamePattern.HasWildcards);
            await WorkloadTargets.LookUpAsync(cluster, selection, new SidecarQuery { OutdatedOnly = !force && !literal }, workload =>
            {
                if (workload.Restartable || literal) _parts.Add(cluster, workload);
            }, output, cancellationToken);
        }
        if (_parts.Cluster is not { } planned) return;

        var plan = await new PlanAuthor(planned.Session!).CreateAsync(request with { Targets = _parts.Targets }, cancellationToken);
        foreach (var finding in plan.Findings) await output.WriteVerboseAsync($"{finding.Severity}: {finding.Message}");
        foreach (var entry in plan.Readiness ?? []) await output.WriteVerboseAsync($"Readiness: {entry}");
        if (path is not null && await output.ShouldProcessAsync(path, $"Write the plan {plan}")) plan = PlanFile.Write(plan, path);
        await output.WriteAsync(plan);
    }
}
