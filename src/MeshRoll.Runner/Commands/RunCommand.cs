using System.CommandLine;
using System.Globalization;
using MeshRoll.Core;
using MeshRoll.Core.Plans.Files;
using MeshRoll.Core.Plans.Gates;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Plans.Runs;
using MeshRoll.Core.Reports;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary>
/// <c>meshroll run</c> carries a plan out, and goes on with it where it stood; <c>meshroll resume</c> does the same and takes back that somebody suspended it.
/// </summary>
internal sealed class RunCommand
{
    private readonly RunnerHost _host;
    private readonly ClusterOptions _cluster = new();
    private readonly ReportOptions _report = new();
    private readonly Argument<string> _plan = new("plan") { Description = "The plan's file." };
    private readonly Option<string?> _journal = new("--journal") { Description = "The run's journal. Default: beside the plan, with the ending .journal.jsonl.", HelpName = "file" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Fail rather than wait while another machine carries the plan out." };
    private readonly Option<string?> _prometheus = new("--prometheus-url") { Description = "Between waves, Prometheus is asked there.", HelpName = "url" };
    private readonly Option<string?> _query = new("--query") { Description = "What it is asked, in PromQL.", HelpName = "promql" };
    private readonly Option<double?> _below = new("--below") { Description = "The next wave begins when the answer is below this.", HelpName = "number" };
    private readonly Option<TimeSpan?> _gateInterval = DurationOption.Create("--gate-interval", "Between two questions. Default: 30s.");
    private readonly Option<TimeSpan?> _gateTimeout = DurationOption.Create("--gate-timeout", "How long the answer may stay too high before the run stops. Default: 30m.");

    private RunCommand(RunnerHost host) => _host = host;

    internal static Command Create(RunnerHost host) => new RunCommand(host).Create("run", "Carry a plan out, or go on with it where it stood, on this or another machine.", takesBackSuspension: false);

    internal static Command CreateResume(RunnerHost host) => new RunCommand(host).Create("resume", "Go on with a plan's run that was suspended, stopped or killed.", takesBackSuspension: true);

    private Command Create(string name, string description, bool takesBackSuspension)
    {
        var command = new Command(name, description) { _plan };
        foreach (Option option in (Option[])[_journal, _noWait, _prometheus, _query, _below, _gateInterval, _gateTimeout]) command.Add(option);
        _report.AddTo(command);
        _cluster.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ClusterRun.RunAsync(_host, _cluster, parsed, (session, reporter) => RunAsync(parsed, session, reporter, takesBackSuspension, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, ClusterSession session, Reporter reporter, bool takesBackSuspension, CancellationToken cancellationToken)
    {
        _report.Check(parsed);
        var file = parsed.GetRequiredValue(_plan);
        var plan = PlanFile.Read(file);
        var journal = parsed.GetValue(_journal) ?? PlanFile.JournalBeside(file);
        using var gate = Gate(parsed);
        var usual = new PlanRunOptions { Journal = journal };
        var options = usual with
        {
            Gate = gate,
            GateInterval = parsed.GetValue(_gateInterval) ?? usual.GateInterval,
            GateTimeout = parsed.GetValue(_gateTimeout) ?? usual.GateTimeout,
            WaitsForLease = !parsed.GetValue(_noWait),
            TakesBackSuspension = takesBackSuspension,
        };
        _host.Error.WriteLine(SafeText.Of($"{plan}; journal {journal}. Whatever happens: 'meshroll resume {file}' goes on."));

        var view = new RunView(_host.Error);
        MeshRolloutRun? run = null;
        try
        {
            await foreach (var news in new PlanRunner(session).RunAsync(plan, options, cancellationToken))
            {
                switch (news)
                {
                    case RunNews.Recorded recorded: view.Tell(recorded.Entry); run = recorded.Run; break;
                    case RunNews.Remark remark: reporter.Remark(remark.Text); break;
                }
            }
        }
        finally
        {
            // Also of a run that was cut: what it did is in the journal.
            _report.Write(parsed, () => JournalReport.Of(JournalReader.Read(journal), _report.Title(parsed), _host.TimeProvider.GetUtcNow(), TimeZoneInfo.Local));
        }
        return ExitCodeOf(run);
    }

    private PrometheusGate? Gate(ParseResult parsed)
    {
        var (server, query, below) = (parsed.GetValue(_prometheus), parsed.GetValue(_query), parsed.GetValue(_below));
        if (server is null && query is null && below is null) return null;
        if (server is null || query is null || below is null) throw new InvalidRequestException("MeshRoll.GateInvalid", "A gate needs --prometheus-url, --query and --below, all three.");
        return new(server, query, below.Value);
    }

    private int ExitCodeOf(MeshRolloutRun? run)
    {
        if (run is null) return ExitCode.UsageOrAccess;
        _host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Status}: {run.Done} of {run.Workloads} done, {run.Failed} failed, {run.Skipped} needed nothing, {run.Left} left alone{(run.Message.Length > 0 ? $"; {SafeText.Of(run.Message)}" : "")}"));
        return run.Status switch
        {
            _ when run.Failed > 0 => ExitCode.WorkloadFailed,
            RunStatus.Completed => ExitCode.Done,
            RunStatus.Interrupted => ExitCode.Interrupted,
            // A gate stayed closed, or somebody said stop: not all is done, and nothing failed.
            _ => ExitCode.TimedOut,
        };
    }
}
