using System.Globalization;
using System.Text;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Reports.Html;

/// <summary>
/// Pods over time as SVG, drawn as steps: a count holds until it changes. Lines differ by their stroke and not by their colour alone (old dashed, ready thick).
/// </summary>
internal static class Charts
{
    /// <summary>The chart of a whole run or of one workload, with its axes.</summary>
    public static void Large(HtmlWriter html, IReadOnlyList<RolloutSample> samples, DateTimeOffset start, DateTimeOffset end, TimeZoneInfo zone, string label)
    {
        const int Width = 720, Height = 200, Left = 44, Bottom = 22, Top = 8;
        var most = Most(samples);
        var frame = new Frame(start, end, most, Left, Top, Width - Left - 8, Height - Top - Bottom);
        html.Write($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{label}\">");
        foreach (var tick in Ticks(most))
        {
            var y = frame.Y(tick);
            html.Write($"<path class=\"g\" d=\"M{Left} {y}H{Width - 8}\"/><text x=\"{Left - 6}\" y=\"{y + 4}\" text-anchor=\"end\">{tick}</text>");
        }
        html.Write($"<text x=\"{Left}\" y=\"{Height - 4}\">{ReportTime.Clock(start, zone)}</text><text x=\"{Width - 8}\" y=\"{Height - 4}\" text-anchor=\"end\">{ReportTime.Clock(end, zone)}</text>");
        Lines(html, samples, frame);
        html.Write($"</svg>");
    }

    /// <summary>The same in a table's cell, without axes: the numbers stand beside it.</summary>
    public static void Small(HtmlWriter html, MeshRollout rollout)
    {
        const int Width = 140, Height = 26;
        if (rollout.Timeline.Count < 2) return;
        var (start, end) = (rollout.Timeline[0].Time, rollout.EndTime ?? rollout.Timeline[^1].Time);
        html.Write($"<svg class=\"s\" viewBox=\"0 0 {Width} {Height}\" aria-hidden=\"true\">");
        Lines(html, rollout.Timeline, new(start, end, Most(rollout.Timeline), 1, 2, Width - 2, Height - 4));
        html.Write($"</svg>");
    }

    /// <summary>When a workload moved, within the time of the whole run.</summary>
    public static void Bar(HtmlWriter html, MeshRollout rollout, DateTimeOffset start, DateTimeOffset end, string look)
    {
        const int Width = 140;
        if (rollout.StartTime is not { } from || !ReportFigures.WasStarted(rollout)) return;
        var whole = Math.Max(1, (end - start).TotalSeconds);
        var x = Math.Clamp((from - start).TotalSeconds / whole * Width, 0, Width - 2);
        var width = Math.Clamp(((rollout.EndTime ?? end) - from).TotalSeconds / whole * Width, 2, Width - x);
        html.Write($"<svg class=\"b\" viewBox=\"0 0 {Width} 8\" aria-hidden=\"true\"><rect class=\"{look}\" x=\"{x}\" width=\"{width}\" height=\"8\" rx=\"1\"/></svg>");
    }

    private static void Lines(HtmlWriter html, IReadOnlyList<RolloutSample> samples, Frame frame)
    {
        // The thick one first, so that the thin ones are seen where they lie on it.
        Line(html, "r", Steps(samples, frame, sample => sample.Ready));
        Line(html, "n", Steps(samples, frame, sample => sample.New));
        Line(html, "o", Steps(samples, frame, sample => sample.Old));
    }

    private static void Line(HtmlWriter html, string look, string path) => html.Write($"<path class=\"{look}\" d=\"{path}\"/>");

    private static string Steps(IReadOnlyList<RolloutSample> samples, Frame frame, Func<RolloutSample, int> count)
    {
        var path = new StringBuilder();
        var last = frame.Y(count(samples[0]));
        path.Append(CultureInfo.InvariantCulture, $"M{frame.X(samples[0].Time)} {last}");
        foreach (var sample in samples.Skip(1))
        {
            var y = frame.Y(count(sample));
            if (y == last) continue;
            path.Append(CultureInfo.InvariantCulture, $"H{frame.X(sample.Time)}V{y}");
            last = y;
        }
        return path.Append(CultureInfo.InvariantCulture, $"H{frame.X(frame.End)}").ToString();
    }

    private static int Most(IEnumerable<RolloutSample> samples) => Math.Max(1, samples.Max(sample => Math.Max(sample.Ready, Math.Max(sample.Old, sample.New))));

    // Nought, the top, and one between them where it is a whole number.
    private static IEnumerable<int> Ticks(int most) => most < 2 ? [0, most] : [0, most / 2, most];

    /// <summary>Where a moment and a count stand in a drawing, in whole units: a page with thousands of drawings has no room for more.</summary>
    private readonly record struct Frame(DateTimeOffset Start, DateTimeOffset End, int Most, int Left, int Top, int Width, int Height)
    {
        public int X(DateTimeOffset time) => End <= Start ? Left : Left + (int)Math.Round(Math.Clamp((time - Start) / (End - Start), 0, 1) * Width);

        public int Y(int count) => Top + Height - (int)Math.Round((double)count / Most * Height);
    }
}
