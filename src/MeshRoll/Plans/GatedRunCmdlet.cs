using System.Globalization;
using System.Management.Automation;
using MeshRoll.Core;
using MeshRoll.Core.Plans.Gates;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Plans;

/// <summary>A command that carries a plan out, with a gate between waves if one is given.</summary>
public abstract class GatedRunCmdlet : RunCmdlet
{
    private string? _url;

    /// <summary>A script that says whether the next wave may begin: the last thing that comes out of it must be true. It is given the question as $_ (Plan, Done, Next).</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Gate { get; set; }

    /// <summary>Prometheus, to ask -Query between waves: http:// or https:// and where it is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PrometheusUrl { get; set; }

    /// <summary>The query, in PromQL; of several series the highest counts. No result is no yes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Query { get; set; }

    /// <summary>The next wave begins while the query's result is below this.</summary>
    [Parameter]
    public double? Below { get; set; }

    /// <summary>How long a gate may stay closed before the run is stopped: 600, 10m, 1h or a TimeSpan.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan GateTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The time between two questions to a gate that is closed.</summary>
    [Parameter]
    [Duration(AllowZero = false)]
    public TimeSpan GateInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Does not wait while another machine carries the plan out: an error says who it is.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The name that changes are recorded under in managedFields.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string FieldManager { get; set; } = "meshroll";

    // What was begun is put back first, and the Lease given back.
    private protected override TimeSpan? EndPatience => TimeSpan.FromSeconds(25);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Attempt(CheckGate);
        base.EndProcessing();
    }

    /// <summary>Runs it to its end.</summary>
    private protected async Task CarryOutAsync(PlannedRun run, bool isResumed, ICommandOutput output, CancellationToken cancellationToken)
    {
        using var prometheus = _url is null ? null : new PrometheusGate(_url, Query!, Below!.Value);
        var options = new PlanRunOptions
        {
            Journal = run.Journal,
            Gate = Gate is { } script ? new ScriptGate(script, output) : prometheus,
            GateTimeout = GateTimeout,
            GateInterval = GateInterval,
            TakesBackSuspension = isResumed,
            WaitsForLease = !NoWait,
            FieldManager = FieldManager,
        };
        await new RunWork(output).RunAsync(run, options, cancellationToken);
    }

    /// <summary>A time as people say it.</summary>
    private protected static string Count(int count, string one) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count} {one}s");

    private protected static string Wording(TimeSpan time) => time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min") : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes)} min");

    private bool CheckGate()
    {
        var given = new object?[] { PrometheusUrl, Query, Below }.Count(value => value is not null);
        if (given is 1 or 2) throw new InvalidRequestException("MeshRoll.GateInvalid", "A gate by Prometheus needs all of -PrometheusUrl, -Query and -Below.");
        if (given == 3 && Gate is not null) throw new InvalidRequestException("MeshRoll.GateInvalid", "Give one gate: -Gate, or -PrometheusUrl with -Query and -Below.");
        if (given == 3) using (new PrometheusGate(PrometheusUrl!, Query!, Below!.Value)) _url = PrometheusUrl;
        return true;
    }
}
