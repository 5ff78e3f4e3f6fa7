using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Reports;
using MeshRoll.Kubernetes;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Commands;

/// <summary><c>meshroll report</c>: the report of a plan's run from its journal, also while it goes on. Asks nothing of a cluster.</summary>
internal static class ReportCommand
{
    internal static Command Create(RunnerHost host)
    {
        var journal = new Argument<string>("journal") { Description = "The journal of the run." };
        var to = new Option<string?>("--to") { Description = "The report's file: .html, .md or .json. Default: Markdown on standard output.", HelpName = "file" };
        var title = ReportOptions.TitleOption();
        var command = new Command("report", "Write the report of a plan's run from its journal, also while it goes on.") { journal, to, title };
        command.SetAction(parsed => Write(host, parsed.GetRequiredValue(journal), parsed.GetValue(to), parsed.GetRequiredValue(title)));
        return command;
    }

    private static int Write(RunnerHost host, string journal, string? to, string title)
    {
        try
        {
            if (!File.Exists(journal)) throw new InvalidRequestException("MeshRoll.JournalNotFound", $"There is no journal {journal}.");
            var report = JournalReport.Of(JournalReader.Read(journal), title, host.TimeProvider.GetUtcNow(), TimeZoneInfo.Local);
            if (to is not null) ReportFile.Write(report, to, ReportOptions.FormatOf(to));
            else host.Out.Write(ReportFile.MarkdownOf(report));
            return ExitCode.Done;
        }
        catch (MeshRollException failure)
        {
            new Reporter(host.Error, verbose: false).Error(failure);
            return ExitCode.UsageOrAccess;
        }
    }
}
