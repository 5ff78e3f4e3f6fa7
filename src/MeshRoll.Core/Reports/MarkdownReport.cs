using System.Text;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Reports;

/// <summary>A report as Markdown for a ticket or merge request: what went wrong in full, what went well in one table that stays short.</summary>
internal sealed class MarkdownReport
{
    /// <summary>Workloads that the table shows at most; tickets have limits of some ten thousand characters.</summary>
    private const int RowsShown = 100;

    private readonly ReportFigures _figures;
    private readonly RolloutReport _report;
    private readonly TextWriter _output;

    private MarkdownReport(RolloutReport report, TextWriter output)
    {
        (_report, _figures, _output) = (report, new(report), output);
    }

    /// <summary>Writes it.</summary>
    public static void Write(RolloutReport report, TextWriter output) => new MarkdownReport(report, output).Write();

    private void Write()
    {
        Line($"# {Text(_report.Title)}\n");
        Line($"**{Text(_figures.Verdict)}**\n");
        if (_figures.Clusters.Count > 0) Line($"- {(_figures.Clusters.Count == 1 ? "Cluster" : "Clusters")}: {Text(string.Join(", ", _figures.Clusters))}");
        if (_figures is { Start: { } start, End: { } end }) Line($"- Time: {ReportTime.Span(start, end, _report.Zone)}, {Wording.Duration(end - start)}");
        if (_figures.PodsReplaced > 0) Line($"- Pods replaced: {_figures.PodsReplaced}");
        foreach (var (before, after, workloads) in _figures.Versions) Line($"- Sidecar {Text(before.Length > 0 ? before : "unknown")} → {Text(after.Length > 0 ? after : "unknown")}: {Wording.Count(workloads, "workload")}");
        foreach (var remark in _report.Remarks) Line($"- {Text(remark)}");
        Failures();
        List("Still moving", _figures.Unfinished);
        List("Left alone", _figures.LeftAlone);
        List("Slowest", _figures.Slowest.Skip(1).Any() ? _figures.Slowest : [], rollout => $"{Wording.Duration(ReportFigures.DurationOf(rollout)!.Value)}, {Wording.Count(rollout.Desired, "pod")}");
        if (_report.Notes.Count > 0) Line("\n## The run\n");
        foreach (var note in _report.Notes) Line($"- {ReportTime.Full(note.Time, _report.Zone)} {Text(note.Text)}");
        foreach (var wave in _report.Waves) Table(wave);
        Line($"\nWritten by MeshRoll on {ReportTime.Full(_report.WrittenAt, _report.Zone)}.");
    }

    private void Failures()
    {
        var failures = _figures.Failures.ToList();
        if (failures.Count == 0) return;
        Line("\n## What went wrong");
        foreach (var rollout in failures)
        {
            Line($"\n### {Text(Name(rollout))}\n");
            Line(Text(rollout.Message));
            foreach (var finding in rollout.Diagnosis)
            {
                Line(finding.Id.Length > 0 ? $"\n- **{Text(finding.Id)}** {Text(finding.Object)}: {Text(finding.Message)}" : $"\n- {Text(finding.Message)}");
                if (finding.Advice.Length > 0) Line($"  - {Text(finding.Advice)}");
                if (ReportFigures.TellsMore(finding)) Line($"  - {Text(finding.Evidence)}");
                if (finding.Log.Length > 0) Log(finding.Log);
            }
        }
    }

    // Indented as code of the list's item: no fence that a line of the log could close.
    private void Log(string log)
    {
        Line("");
        foreach (var line in log.Split('\n')) Line($"      {PlainText.Of(line.TrimEnd('\r'))}");
    }

    private void List(string heading, IEnumerable<MeshRollout> rollouts, Func<MeshRollout, string>? tell = null)
    {
        var listed = rollouts.ToList();
        if (listed.Count == 0) return;
        Line($"\n## {heading}\n");
        foreach (var rollout in listed.Take(RowsShown)) Line($"- {Text(Name(rollout))}: {Text(tell is null ? rollout.Message : tell(rollout))}");
        if (listed.Count > RowsShown) Line($"- and {listed.Count - RowsShown} more");
    }

    private void Table(ReportWave wave)
    {
        if (wave.Rollouts.Count == 0) return;
        Line($"\n## {(wave.Name.Length > 0 ? Text(wave.Name) : "Workloads")}\n");
        Line("| workload | state | how | sidecar | pods | fewest ready | took |");
        Line("|---|---|---|---|--:|--:|--:|");
        foreach (var rollout in wave.Rollouts.Take(RowsShown))
        {
            var took = ReportFigures.DurationOf(rollout) is { } duration ? Wording.Duration(duration) : "";
            Line($"| {Text(Name(rollout))} | {rollout.State} | {Text(rollout.Strategy)} | {Text(ReportFigures.VersionsOf(rollout))} | {rollout.Desired} | {ReportFigures.LowestReady(rollout)} | {took} |");
        }
        if (wave.Rollouts.Count > RowsShown) Line($"\nand {wave.Rollouts.Count - RowsShown} more.");
    }

    private string Name(MeshRollout rollout) => _figures.Clusters.Count > 1 ? $"{ReportFigures.NameOf(rollout)} in {rollout.Cluster}" : ReportFigures.NameOf(rollout);

    private void Line(string text)
    {
        _output.Write(text);
        _output.Write('\n');
    }

    /// <summary>Foreign text in one line that is text and nothing else: no markup, no mention, no link.</summary>
    internal static string Text(string text)
    {
        var plain = PlainText.Of(text);
        var safe = new StringBuilder(plain.Length + 8);
        foreach (var character in plain)
        {
            switch (character)
            {
                case '<': safe.Append("&lt;"); break;
                case '&': safe.Append("&amp;"); break;
                // Somebody would be told, or another ticket linked.
                case '@': safe.Append("&#64;"); break;
                case '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '~' or '!': safe.Append('\\').Append(character); break;
                default: safe.Append(character); break;
            }
        }
        return safe.ToString();
    }
}
