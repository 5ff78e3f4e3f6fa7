using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Reports.Html;

/// <summary>
/// A report as one page that needs nothing else: no network, no font, no other file. It reads in light and dark, with a keyboard and aloud, on a phone and on
/// paper. Its content security policy names its own style and script by their hashes: nothing else could run, whatever a name or log line holds.
/// </summary>
internal sealed class HtmlReport
{
    private static readonly string s_style = Resource("report.css");
    private static readonly string s_script = Resource("report.js");

    private readonly ReportFigures _figures;
    private readonly RolloutReport _report;
    private readonly HtmlWriter _html;

    private HtmlReport(RolloutReport report, TextWriter output)
    {
        (_report, _figures, _html) = (report, new(report), new(output));
    }

    /// <summary>Writes the page.</summary>
    public static void Write(RolloutReport report, TextWriter output) => new HtmlReport(report, output).Write();

    private void Write()
    {
        Head();
        Header();
        _html.Write($"<main>");
        Summary();
        Course();
        Failures();
        Unfinished();
        LeftAlone();
        Slowest();
        Notes();
        Workloads();
        _html.Write($"</main><footer><p>Written by MeshRoll on <time datetime=\"{ReportTime.Machine(_report.WrittenAt)}\">{ReportTime.Full(_report.WrittenAt, _report.Zone)}</time>.</p></footer>");
        _html.WriteOwn($"<script>{s_script}</script></body></html>\n");
    }

    private void Head()
    {
        _html.Write($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">");
        _html.WriteOwn($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{Hash(s_style)}'; script-src 'sha256-{Hash(s_script)}'; base-uri 'none'; form-action 'none'\">");
        _html.Write($"<title>{_report.Title}</title>");
        _html.WriteOwn($"<style>{s_style}</style></head>");
    }

    private void Header()
    {
        _html.Write($"<body><a class=\"skip\" href=\"#workloads\">To the workloads</a><header><h1>{_report.Title}</h1><p class=\"verdict {(_figures.Failed + _figures.TimedOut > 0 ? "bad" : "good")}\">{_figures.Verdict}</p>");
        if (_figures.Clusters.Count > 0) _html.Write($"<p>{(_figures.Clusters.Count == 1 ? "Cluster" : "Clusters")} {string.Join(", ", _figures.Clusters)}</p>");
        if (_figures is { Start: { } start, End: { } end }) _html.Write($"<p>{ReportTime.Span(start, end, _report.Zone)}, {Wording.Duration(end - start)}</p>");
        foreach (var remark in _report.Remarks) _html.Write($"<p class=\"remark\">{remark}</p>");
        _html.Write($"</header>");
    }

    private void Summary()
    {
        _html.Write($"<section aria-labelledby=\"summary\"><h2 id=\"summary\">Summary</h2><dl class=\"cards\">");
        Card("done", _figures.Complete);
        Card("failed", _figures.Failed);
        Card("not in time", _figures.TimedOut);
        Card("still moving", _figures.Moving);
        Card("left alone", _figures.Skipped);
        Card("pods replaced", _figures.PodsReplaced);
        _html.Write($"</dl>");
        var versions = _figures.Versions.ToList();
        if (versions.Count > 0)
        {
            _html.Write($"<table class=\"narrow\"><caption>Sidecars before and after</caption><thead><tr><th scope=\"col\">before</th><th scope=\"col\">after</th><th scope=\"col\" class=\"num\">workloads</th></tr></thead><tbody>");
            foreach (var (before, after, workloads) in versions) _html.Write($"<tr><td>{(before.Length > 0 ? before : "unknown")}</td><td>{(after.Length > 0 ? after : "unknown")}</td><td class=\"num\">{workloads}</td></tr>");
            _html.Write($"</tbody></table>");
        }
        _html.Write($"</section>");
    }

    private void Card(string name, int count) => _html.Write($"<div><dt>{name}</dt><dd>{count}</dd></div>");

    private void Course()
    {
        var course = _figures.Course;
        if (course.Count < 2 || _figures is not { Start: { } start, End: { } end }) return;
        _html.Write($"<section aria-labelledby=\"course\"><h2 id=\"course\">Course</h2><figure>");
        Charts.Large(_html, course, start, end, _report.Zone, $"Pods of all workloads over time: {course[0].Ready} ready at the start, {course.Min(sample => sample.Ready)} at the lowest, {course[^1].Ready} at the end");
        Legend($"Pods of all {Wording.Count(_figures.All.Count(rollout => rollout.Timeline.Count > 0), "workload")} that were followed; at the lowest {course.Min(sample => sample.Ready)} were ready.");
        _html.Write($"</figure></section>");
    }

    private void Legend(string text) =>
        _html.Write($"<figcaption>{text} <span class=\"key\"><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"r\" d=\"M0 4H24\"/></svg> ready</span> <span class=\"key\"><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"n\" d=\"M0 4H24\"/></svg> new</span> <span class=\"key\"><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"o\" d=\"M0 4H24\"/></svg> old</span></figcaption>");

    private void Failures()
    {
        var failures = _figures.Failures.ToList();
        if (failures.Count == 0) return;
        _html.Write($"<section aria-labelledby=\"failures\"><h2 id=\"failures\">What went wrong</h2>");
        foreach (var rollout in failures)
        {
            _html.Write($"<article><h3>{ReportFigures.NameOf(rollout)}{InCluster(rollout)}</h3><p><span class=\"{LookOf(rollout)}\">{StateOf(rollout)}</span> {rollout.Message}</p>");
            foreach (var finding in rollout.Diagnosis) Finding(finding, rollout.Message);
            if (rollout.Timeline.Count > 1)
            {
                _html.Write($"<figure>");
                Charts.Large(_html, rollout.Timeline, rollout.Timeline[0].Time, rollout.EndTime ?? rollout.Timeline[^1].Time, _report.Zone, $"Pods of {rollout.Name} over time: at the lowest {ReportFigures.LowestReady(rollout) ?? 0} of {rollout.Desired} ready");
                Legend($"At the lowest {ReportFigures.LowestReady(rollout) ?? 0} of {rollout.Desired} ready.");
                _html.Write($"</figure>");
            }
            _html.Write($"</article>");
        }
        _html.Write($"</section>");
    }

    private void Finding(MeshFinding finding, string told)
    {
        // The first finding is what the workload's own words come from: they stand right above.
        var message = finding.Message == told ? "" : finding.Message;
        _html.Write($"<div class=\"finding\"><p><strong>{finding.Id}</strong> {finding.Object}{(finding.Object.Length > 0 && message.Length > 0 ? ": " : "")}{message}</p>");
        if (finding.Advice.Length > 0) _html.Write($"<p>{finding.Advice}</p>");
        if (ReportFigures.TellsMore(finding)) _html.Write($"<p class=\"evidence\">{finding.Evidence}</p>");
        if (finding.Log.Length > 0)
        {
            _html.Write($"<pre tabindex=\"0\" aria-label=\"Last lines of the log\">");
            // Line by line: what is encoded is made one line, and a log is several.
            foreach (var line in finding.Log.Split('\n')) _html.Write($"{line.TrimEnd('\r')}\n");
            _html.Write($"</pre>");
        }
        _html.Write($"</div>");
    }

    private void Unfinished()
    {
        var moving = _figures.Unfinished.ToList();
        if (moving.Count > 0) List("unfinished", "Still moving", moving);
    }

    private void LeftAlone()
    {
        var skipped = _figures.LeftAlone.ToList();
        if (skipped.Count > 0) List("left", "Left alone", skipped);
    }

    private void List(string id, string heading, List<MeshRollout> rollouts)
    {
        _html.Write($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{heading}</h2><ul>");
        foreach (var rollout in rollouts) _html.Write($"<li><strong>{ReportFigures.NameOf(rollout)}</strong>{InCluster(rollout)}: {(rollout.Message.Length > 0 ? rollout.Message : StateOf(rollout))}</li>");
        _html.Write($"</ul></section>");
    }

    private void Slowest()
    {
        var slowest = _figures.Slowest.ToList();
        if (slowest.Count < 2) return;
        _html.Write($"<section aria-labelledby=\"slowest\"><h2 id=\"slowest\">Slowest</h2><ol>");
        foreach (var rollout in slowest) _html.Write($"<li><strong>{ReportFigures.NameOf(rollout)}</strong>{InCluster(rollout)}: {Wording.Duration(ReportFigures.DurationOf(rollout)!.Value)}, {Wording.Count(rollout.Desired, "pod")}</li>");
        _html.Write($"</ol></section>");
    }

    private void Notes()
    {
        if (_report.Notes.Count == 0) return;
        _html.Write($"<section aria-labelledby=\"notes\"><h2 id=\"notes\">The run</h2><ul class=\"notes\">");
        foreach (var note in _report.Notes) _html.Write($"<li><time datetime=\"{ReportTime.Machine(note.Time)}\">{ReportTime.Full(note.Time, _report.Zone)}</time> {note.Text}</li>");
        _html.Write($"</ul></section>");
    }

    private void Workloads()
    {
        _html.Write($"<section aria-labelledby=\"workloads\"><h2 id=\"workloads\" tabindex=\"-1\">Workloads</h2><div id=\"filter\"></div>");
        foreach (var wave in _report.Waves)
        {
            if (wave.Name.Length > 0) _html.Write($"<h3>{wave.Name}</h3>");
            Table(wave);
        }
        if (_figures.All.Count == 0) _html.Write($"<p>There were none.</p>");
        _html.Write($"</section>");
    }

    private void Table(ReportWave wave)
    {
        if (wave.Rollouts.Count == 0)
        {
            _html.Write($"<p>Nothing.</p>");
            return;
        }
        _html.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of workloads {wave.Name}\"><table class=\"all\"><thead><tr><th scope=\"col\">workload</th><th scope=\"col\">state</th><th scope=\"col\">how</th><th scope=\"col\">sidecar</th><th scope=\"col\" class=\"num\">pods</th><th scope=\"col\" class=\"num\">fewest ready</th><th scope=\"col\">began</th><th scope=\"col\" class=\"num\">took</th><th scope=\"col\">when</th><th scope=\"col\">pods over time</th></tr></thead><tbody>");
        foreach (var rollout in wave.Rollouts) Row(rollout);
        _html.Write($"</tbody></table></div>");
    }

    private void Row(MeshRollout rollout)
    {
        _html.Write($"<tr><th scope=\"row\">{ReportFigures.NameOf(rollout)}{InCluster(rollout)}</th><td><span class=\"{LookOf(rollout)}\">{StateOf(rollout)}</span></td><td>{rollout.Strategy}</td><td>{ReportFigures.VersionsOf(rollout)}</td><td class=\"num\">{rollout.Desired}</td><td class=\"num\">");
        if (ReportFigures.LowestReady(rollout) is { } lowest) _html.Write($"{lowest}");
        _html.Write($"</td><td>");
        if (rollout.StartTime is { } start && ReportFigures.WasStarted(rollout)) _html.Write($"<time datetime=\"{ReportTime.Machine(start)}\">{ReportTime.Clock(start, _report.Zone)}</time>");
        _html.Write($"</td><td class=\"num\">");
        if (ReportFigures.DurationOf(rollout) is { } duration) _html.Write($"{Wording.Duration(duration)}");
        _html.Write($"</td><td>");
        if (_figures is { Start: { } from, End: { } to }) Charts.Bar(_html, rollout, from, to, LookOf(rollout));
        _html.Write($"</td><td>");
        Charts.Small(_html, rollout);
        _html.Write($"</td></tr>\n");
    }

    private string InCluster(MeshRollout rollout) => _figures.Clusters.Count > 1 ? $" in {rollout.Cluster}" : "";

    private static string StateOf(MeshRollout rollout) => rollout.State switch
    {
        RolloutState.TimedOut => "Not in time",
        RolloutState.Skipped => "Left alone",
        RolloutState.Complete when ReportFigures.IsFailure(rollout) => "Done, not as wanted",
        RolloutState.Complete => "Done",
        var state => state.ToString(),
    };

    private static string LookOf(MeshRollout rollout) => rollout.State switch
    {
        _ when ReportFigures.IsFailure(rollout) => "bad",
        RolloutState.Complete => "good",
        RolloutState.Skipped => "calm",
        _ => "busy",
    };

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(typeof(HtmlReport), name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
