using System.Management.Automation;
using MeshRoll.Completion;
using MeshRoll.Core.Workloads;
using MeshRoll.Errors;
using MeshRoll.Parameters;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Wire.Faults;
using MeshRoll.Sandboxes;

namespace MeshRoll.Commands;

/// <summary>Lets something go wrong in a sandbox, or takes it away again.</summary>
/// <remarks>
/// <para>
/// With -Kind in the cluster: images that are missing, pods that never become ready, nodes that are full. Otherwise between clients and
/// API server: error statuses, throttling, cut connections, watches that expire, latency.
/// </para>
/// <para>
/// A fault stays until it is taken away by -Remove or -Clear, until -Count requests were hit, or until Reset-MeshSandbox. Of several faults on the
/// wire latencies add up, and the first one with an action decides. The requests of Get-MeshSandboxRequest say by name which one hit them.
/// </para>
/// </remarks>
/// <example>
/// <title>A workload whose image is missing</title>
/// <code>Set-MeshSandboxFault ImageMissing -Namespace shop -Workload cart*</code>
/// <remarks>New pods of workloads whose names begin so cannot pull their image; those that run stay as they are.</remarks>
/// </example>
/// <example>
/// <title>A server that throttles</title>
/// <code>Set-MeshSandboxFault -Throttle -Verb patch -Count 3</code>
/// <remarks>The next three patches are answered with 429 and Retry-After.</remarks>
/// </example>
/// <example>
/// <title>Every tenth request fails, and all are slow</title>
/// <code>
/// Set-MeshSandboxFault -StatusCode 503 -Rate 0.1
/// Set-MeshSandboxFault -Latency 200ms
/// </code>
/// <remarks>What a script makes of a bad day.</remarks>
/// </example>
/// <example>
/// <title>Take it away</title>
/// <code>
/// $fault = Set-MeshSandboxFault -Cut -Resource pods -Verb watch
/// Set-MeshSandboxFault -Remove $fault.Name
/// Set-MeshSandboxFault -Clear
/// </code>
/// <remarks>One by its name, with wildcards; or all.</remarks>
/// </example>
/// <seealso cref="NewMeshSandboxCommand"/>
/// <seealso cref="GetMeshSandboxRequestCommand"/>
/// <seealso href="about_MeshSandbox"/>
[Cmdlet(VerbsCommon.Set, "MeshSandboxFault", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = InCluster)]
[OutputType(typeof(MeshSandboxFault))]
public sealed class SetMeshSandboxFaultCommand : SandboxCmdlet
{
    private const string InCluster = "Cluster";
    private const string ByStatus = "Status";
    private const string ByThrottling = "Throttle";
    private const string ByCut = "Cut";
    private const string ByExpiry = "Expire";
    private const string ByLatency = "Latency";
    private const string ByRemoval = "Remove";
    private const string ByClearing = "Clear";

    /// <summary>
    /// What goes wrong in the cluster: ImageMissing, InitContainerFailing, NeverReady, Slow, Crash, QuotaExceeded, NodeFull, WebhookDown or
    /// AutoscalerFights; about_MeshSandbox tells what each does.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = InCluster)]
    [ArgumentCompleter(typeof(FaultKindCompleter))]
    public string Kind { get; set; } = "";

    /// <summary>Only this workload, as web or Deployment/web, with wildcards.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Workload { get; set; } = "*";

    /// <summary>The image that is missing, with wildcards. Left out, all images of the workload.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>The revision of the mesh whose injector is down, with wildcards.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Revision { get; set; } = "*";

    /// <summary>The nodes that are full, with wildcards.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Node { get; set; } = "*";

    /// <summary>How much later pods are ready (Slow), or how long after its start the application crashes (Crash): 30s, 5m; a number is seconds.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [Duration]
    public TimeSpan After { get; set; }

    /// <summary>The exit code of what crashes or fails, 1 to 255; 137 is reported as killed for its memory.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [ValidateRange(1, 255)]
    public int ExitCode { get; set; } = 1;

    /// <summary>Answers requests with this error status, 400 to 599.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByStatus)]
    [ValidateRange(400, 599)]
    public int StatusCode { get; set; }

    /// <summary>Answers requests with 429, as a server does that protects itself.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByThrottling)]
    public SwitchParameter Throttle { get; set; }

    /// <summary>Breaks the connection instead of answering; open watches too.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCut)]
    public SwitchParameter Cut { get; set; }

    /// <summary>Ends watches with 410 Expired, open ones too: their clients must list again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExpiry)]
    public SwitchParameter ExpireWatch { get; set; }

    /// <summary>Answers so much later: 200ms, 2s, or a TimeSpan; a number is seconds.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLatency)]
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Duration]
    public TimeSpan Latency { get; set; }

    /// <summary>The header Retry-After of the answer, in seconds.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [ValidateRange(0, 86_400)]
    public int RetryAfter { get; set; } = 1;

    /// <summary>The message of the answer. Left out, one that names the sandbox.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>Sends so many bytes of the answer's body before the cut. Left out, nothing at all is answered.</summary>
    [Parameter(ParameterSetName = ByCut)]
    [ValidateRange(0, long.MaxValue)]
    public long AfterBytes { get; set; }

    /// <summary>Only requests of this verb, with wildcards: get, list, watch, create, update, patch, delete, deletecollection; or a method in capitals.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RequestVerbCompleter))]
    public string Verb { get; set; } = "*";

    /// <summary>Only requests for this resource, with wildcards: pods, deployments.apps, pods/eviction. Left out, also what is no resource.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RequestResourceCompleter))]
    public string Resource { get; set; } = "";

    /// <summary>Only this namespace, with wildcards.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = "*";

    /// <summary>Only requests for the object of this name, with wildcards.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string ObjectName { get; set; } = "*";

    /// <summary>The share of the requests that are hit, 0 to 1, by the sandbox's seed.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [ValidateRange(0.0, 1.0)]
    public double Rate { get; set; } = 1;

    /// <summary>How many requests are hit before the fault goes away by itself. Left out, it stays.</summary>
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>The fault's name; one of the same name is replaced. Left out, it is given one.</summary>
    [Parameter(ParameterSetName = InCluster)]
    [Parameter(ParameterSetName = ByStatus)]
    [Parameter(ParameterSetName = ByThrottling)]
    [Parameter(ParameterSetName = ByCut)]
    [Parameter(ParameterSetName = ByExpiry)]
    [Parameter(ParameterSetName = ByLatency)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Takes the faults of these names away, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByRemoval)]
    [SupportsWildcards]
    public string[] Remove { get; set; } = [];

    /// <summary>Takes all faults away.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByClearing)]
    public SwitchParameter Clear { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForSandbox(sandbox =>
    {
        switch (ParameterSetName)
        {
            case ByClearing:
                if (ShouldProcess(sandbox.Name, "Take all faults away")) sandbox.Live!.ClearFaults();
                break;
            case ByRemoval:
                foreach (var name in Remove) TakeAway(sandbox, new(name));
                break;
            case InCluster:
                SetInCluster(sandbox);
                break;
            default:
                SetOnWire(sandbox);
                break;
        }
    });

    private void SetInCluster(MeshSandbox sandbox)
    {
        var fault = new SandboxFault
        {
            Name = Name ?? "",
            Kind = FaultKinds.Read(Kind),
            Namespace = Namespace,
            Workload = Workload,
            Image = Image,
            Revision = Revision,
            Node = Node,
            After = IsGiven(nameof(After)) ? After : null,
            ExitCode = ExitCode,
        };
        if (!ShouldProcess(sandbox.Name, $"Inject fault: {FaultText.Kind(fault)} for {FaultText.Target(fault)}")) return;

        var name = sandbox.Live!.SetFault(fault);
        WriteObject(FaultText.Describe(sandbox, fault with { Name = name }));
    }

    private void SetOnWire(MeshSandbox sandbox)
    {
        var fault = new WireFault
        {
            Name = Name ?? "",
            Match = new() { Verb = Verb, Resource = Resource, Namespace = Namespace, Name = ObjectName },
            Action = WireActionOf(),
            Latency = Latency,
            Rate = Rate,
            Count = IsGiven(nameof(Count)) ? Count : null,
        };
        if (!ShouldProcess(sandbox.Name, $"Inject fault: {FaultText.Kind(fault)} for {FaultText.Target(fault)}")) return;

        var name = sandbox.Live!.SetFault(fault);
        WriteObject(FaultText.Describe(sandbox, fault with { Name = name }));
    }

    private WireAction? WireActionOf() => ParameterSetName switch
    {
        ByStatus => new WireAction.Answer(StatusCode) { Message = Message, RetryAfter = IsGiven(nameof(RetryAfter)) ? RetryAfter : null },
        ByThrottling => new WireAction.Throttle(RetryAfter),
        ByCut => new WireAction.Cut(IsGiven(nameof(AfterBytes)) ? AfterBytes : null),
        ByExpiry => new WireAction.Expire(),
        _ => null,
    };

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private void TakeAway(MeshSandbox sandbox, NamePattern pattern)
    {
        var live = sandbox.Live!;
        List<string> names = [.. live.ClusterFaults.Select(fault => fault.Name), .. live.WireFaults.Select(fault => fault.Name)];
        var found = names.FindAll(pattern.IsMatch);
        if (found.Count == 0 && pattern.IsLiteral) WriteError(Pipeline.CmdletPipeline.ToRecord(CommandErrors.From(SandboxErrors.NoFault(pattern.Literal!, names), pattern.Literal)));
        foreach (var name in found)
            if (ShouldProcess($"{sandbox.Name}: {name}", "Take fault away")) live.RemoveFault(name);
    }
}
