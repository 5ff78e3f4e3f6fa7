using System.Management.Automation;
using MeshRoll.Core;
using MeshRoll.Core.Plans.Journal;
using MeshRoll.Core.Reports;
using MeshRoll.Core.Rollouts;
using MeshRoll.Parameters;
using MeshRoll.Pipeline;

namespace MeshRoll.Commands;

/// <summary>Writes a report of rollouts to a file: one HTML page that needs nothing else, Markdown for a ticket, or JSON for machines.</summary>
/// <remarks>
/// <para>
/// The report tells how it went in one sentence, what went wrong with its diagnosis, what was left alone and why, the slowest, sidecar versions before and
/// after, and for each workload when it moved and how its pods went: old, new and ready over time, with the fewest that were ready. The page loads nothing from
/// anywhere, follows light and dark, prints, and can be read with a keyboard or aloud.
/// </para>
/// <para>
/// All text that comes from the cluster is shown as text, whatever it holds. Logs are in the report only where Get-MeshRolloutDiagnosis -IncludeLog put them
/// onto the rollouts. The file is written whole when the last rollout has come: there is never half a report, and one that cannot be written leaves the
/// file that was there before.
/// </para>
/// </remarks>
/// <notes>Asks nothing of a cluster and needs no rights in one.</notes>
/// <example>
/// <title>Restart, wait, report</title>
/// <code>Get-MeshWorkload -Namespace shop -Outdated | Start-MeshRolloutRestart | Wait-MeshRollout | Export-MeshRolloutReport report.html</code>
/// <remarks>What was skipped or refused by then is in it as far as it came through the pipe.</remarks>
/// </example>
/// <example>
/// <title>For the ticket, and go on with the objects</title>
/// <code>$rollouts | Export-MeshRolloutReport -Path ticket.md -Title 'CHG-4711 mesh 1.27' -PassThru | Where-Object State -eq Failed</code>
/// <remarks>The ending of the file decides the format where -Format does not.</remarks>
/// </example>
/// <example>
/// <title>From the journal of a plan's run, also while it goes on</title>
/// <code>Export-MeshRolloutReport night.html -Journal night.journal.jsonl</code>
/// <remarks>Waves, pauses, gates and what the run decided are in it; a journal that was cut is read up to its last whole entry, and the report says so.</remarks>
/// </example>
/// <seealso cref="WaitMeshRolloutCommand"/>
/// <seealso cref="GetMeshRolloutDiagnosisCommand"/>
[Cmdlet(VerbsData.Export, "MeshRolloutReport", DefaultParameterSetName = ByRollout, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MeshRollout))]
public sealed class ExportMeshRolloutReportCommand : MeshCmdlet
{
    private const string ByRollout = "Rollout";
    private const string ByJournal = "Journal";

    private readonly List<MeshRollout> _rollouts = [];
    private string _path = "";
    private ReportFormat _format;

    /// <summary>The file. Its ending decides the format: .html, .md, .json.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Rollouts, from Wait-MeshRollout, Start-MeshRolloutRestart or Get-MeshRollout.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByRollout)]
    [AllowEmptyCollection]
    [RolloutReference]
    public MeshRollout[] Rollout { get; set; } = [];

    /// <summary>The journal of a plan's run.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByJournal)]
    [ValidateNotNullOrEmpty]
    public string Journal { get; set; } = "";

    /// <summary>The format, whatever the file's ending.</summary>
    [Parameter]
    public ReportFormat? Format { get; set; }

    /// <summary>The headline.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = "Mesh rollout";

    /// <summary>Fails rather than replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Gives the rollouts on, as they come.</summary>
    [Parameter(ParameterSetName = ByRollout)]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Before the night's work, not after it.
        (_path, _format) = Attempt(Check);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _rollouts.AddRange(Rollout);
        if (PassThru) WriteObject(Rollout, enumerateCollection: true);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!ShouldProcess(_path, "write the report")) return;

        Attempt(() =>
        {
            ReportFile.Write(Compose(), _path, _format);
            return _path;
        });
        WriteVerbose($"Wrote {_path}.");
    }

    private RolloutReport Compose()
    {
        var now = DateTimeOffset.UtcNow;
        return ParameterSetName == ByJournal
            ? JournalReport.Of(JournalReader.Read(FullPath(Journal)), Title, now, TimeZoneInfo.Local)
            : RolloutReport.Of(_rollouts, Title, now, TimeZoneInfo.Local);
    }

    private (string Path, ReportFormat Format) Check()
    {
        if (ParameterSetName == ByJournal && !File.Exists(FullPath(Journal))) throw new InvalidRequestException("MeshRoll.JournalNotFound", $"There is no journal {FullPath(Journal)}.");
        var path = FullPath(Path);
        var format = Format ?? ReportFile.FormatOf(path)
            ?? throw new InvalidRequestException("MeshRoll.ReportFormatUnknown", $"The ending of {Path} is none of .html, .md and .json; give -Format Html, Markdown or Json.");
        if (Directory.Exists(path)) throw new InvalidRequestException("MeshRoll.ReportNotWritten", $"{path} is a folder; name a file in it.");
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(path))) throw new InvalidRequestException("MeshRoll.FolderNotFound", $"There is no folder {System.IO.Path.GetDirectoryName(path)} to write the report into.");
        if (NoClobber && File.Exists(path)) throw new InvalidRequestException("MeshRoll.FileExists", $"{path} is there already; leave out -NoClobber to replace it.");
        return (path, format);
    }

    private string FullPath(string given)
    {
        try
        {
            return GetUnresolvedProviderPathFromPSPath(given);
        }
        catch (RuntimeException error)
        {
            throw new InvalidRequestException("MeshRoll.FolderNotFound", $"{given} cannot be the path of a file: {error.Message}");
        }
    }
}
