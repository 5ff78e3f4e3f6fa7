using System.CommandLine;
using MeshRoll.Core;
using MeshRoll.Core.Reports;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Runner.Options;

/// <summary><c>--report</c> and <c>--title</c>: a report beside the result on standard output.</summary>
internal sealed class ReportOptions
{
    private readonly Option<string?> _report = new("--report") { Description = "Write a report there at the end: .html, .md or .json.", HelpName = "file" };
    private readonly Option<string> _title = TitleOption();

    internal static Option<string> TitleOption() => new("--title") { Description = "The report's headline.", HelpName = "text", DefaultValueFactory = _ => "Mesh rollout" };

    internal void AddTo(Command command)
    {
        command.Add(_report);
        command.Add(_title);
    }

    /// <summary>Before the work: whether the file could be written.</summary>
    /// <exception cref="InvalidRequestException">Its ending names no format, or its folder is missing.</exception>
    internal void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_report) is { } path) _ = FormatOf(path);
    }

    /// <summary>The report's headline.</summary>
    internal string Title(ParseResult parsed) => parsed.GetRequiredValue(_title);

    /// <summary>Writes the report of these rollouts, where one is wanted.</summary>
    internal void Write(ParseResult parsed, IEnumerable<MeshRollout> rollouts, DateTimeOffset now) =>
        Write(parsed, () => RolloutReport.Of(rollouts, Title(parsed), now, TimeZoneInfo.Local));

    /// <summary>Writes a report, where one is wanted.</summary>
    internal void Write(ParseResult parsed, Func<RolloutReport> report)
    {
        if (parsed.GetValue(_report) is { } path) ReportFile.Write(report(), path, FormatOf(path));
    }

    /// <summary>The format of a file that is to be written.</summary>
    /// <exception cref="InvalidRequestException">Its ending names no format, or its folder is missing.</exception>
    internal static ReportFormat FormatOf(string path)
    {
        var format = ReportFile.FormatOf(path) ?? throw new InvalidRequestException("MeshRoll.ReportFormatUnknown", $"The ending of {path} is none of .html, .md and .json.");
        return Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder)
            ? throw new InvalidRequestException("MeshRoll.FolderNotFound", $"There is no folder {folder} to write the report into.")
            : format;
    }
}
