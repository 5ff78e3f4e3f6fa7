using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using MeshRoll.Core.Reports;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Tests.Reports;

public sealed partial class ReportTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    /// <summary>What a name or a log line would like to be.</summary>
    private const string Hostile = "</td></script><script>alert('x')</script><img src=x onerror=\"alert(1)\">\u001b[31m\u202e&lt;";

    [Fact]
    public void Nothing_that_comes_from_a_cluster_becomes_markup()
    {
        var finding = new MeshFinding { Id = Hostile, Message = Hostile, Advice = Hostile, Evidence = Hostile, Log = $"one {Hostile}\ntwo", Object = Hostile, Severity = FindingSeverity.Error };
        var rollout = Rollout(Hostile) with { Cluster = Hostile, Namespace = Hostile, Kind = Hostile, Strategy = Hostile, Message = Hostile, PreviousVersion = Hostile, DesiredVersion = Hostile, State = RolloutState.Failed, Diagnosis = [finding] };
        var plain = Written(Report(Rollout("web") with { State = RolloutState.Failed, Diagnosis = [finding with { Id = "x", Message = "x", Advice = "x", Evidence = "x", Log = "one\ntwo", Object = "x" }] }), ReportFormat.Html);
        var page = Written(Report(rollout, Rollout("other") with { Cluster = "b", State = RolloutState.Skipped, Message = Hostile }) with { Title = Hostile, Remarks = [Hostile] }, ReportFormat.Html);

        Assert.Equal(Tags(plain).Distinct().Order(), Tags(page).Where(tag => tag is not "ul" and not "li").Distinct().Order());
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\u202e', page);
        Assert.Single(Regex.Matches(page, "<script>"));
        Assert.DoesNotContain("<img", page);
    }

    [Fact]
    public void The_page_asks_for_nothing_and_only_its_own_style_and_script_may_run()
    {
        var page = Written(Report(Rollout("web")), ReportFormat.Html);

        Assert.DoesNotMatch(@"(?:src|href)=""(?!#)", page);
        Assert.DoesNotContain("url(", page);
        var policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]+)\"").Groups[1].Value;
        Assert.StartsWith("default-src 'none'; ", policy);
        Assert.Contains($"style-src 'sha256-{Hash(Between(page, "<style>", "</style>"))}'", policy);
        Assert.Contains($"script-src 'sha256-{Hash(Between(page, "<script>", "</script>"))}'", policy);
        Assert.DoesNotMatch(@"\son\w+=|\sstyle=", page);
    }

    [Fact]
    public void Every_element_is_closed_and_every_heading_follows_the_one_above()
    {
        var failed = Rollout("api") with { State = RolloutState.Failed, Diagnosis = [new() { Id = "CrashLoop", Message = "m", Log = "a\nb", Severity = FindingSeverity.Error }] };
        var page = Written(Report(Rollout("web"), Rollout("db"), failed, Rollout("jobs") with { State = RolloutState.Skipped }, Rollout("slow") with { State = RolloutState.Progressing, EndTime = null }), ReportFormat.Html);

        // As XML: the void elements of HTML closed, the rest of it is well-formed as it is.
        var xml = Regex.Replace(page["<!doctype html>".Length..], "<(meta|input|br)([^>]*)>", "<$1$2/>");
        xml = Regex.Replace(xml, "<(style|script)>.*?</\\1>", "", RegexOptions.Singleline);
        var document = new XmlDocument();
        document.LoadXml(xml);
        var levels = document.SelectNodes("//h1|//h2|//h3")!.Cast<XmlElement>().Select(heading => heading.Name[1] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
        var ids = document.SelectNodes("//@id")!.Cast<XmlAttribute>().Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(document.SelectNodes("//@aria-labelledby")!.Cast<XmlAttribute>(), label => Assert.Contains(label.Value, ids));
        Assert.All(document.SelectNodes("//svg[not(@aria-hidden)]")!.Cast<XmlElement>(), chart => Assert.NotEmpty(chart.GetAttribute("aria-label")));
    }

    [Fact]
    public void Two_thousand_workloads_stay_below_three_megabytes()
    {
        var rollouts = Enumerable.Range(0, 2000).Select(number => Rollout($"workload-with-a-long-name-{number}") with
        {
            StartTime = s_start.AddSeconds(number),
            EndTime = s_start.AddSeconds(number + 60),
            Timeline = [.. Enumerable.Range(0, 24).Select(step => new RolloutSample(s_start.AddSeconds(number + step), 24 - step, step, 24 - (step % 3)))],
        }).ToArray();

        Assert.InRange(Encoding.UTF8.GetByteCount(Written(Report(rollouts), ReportFormat.Html)), 500_000, 3_000_000);
    }

    [Fact]
    public void In_markdown_foreign_text_is_text()
    {
        var rollout = Rollout("a|b`c*_[x](y)") with { State = RolloutState.Failed, Message = "see @everyone <img> #1 ![x](y)\n# heading", Diagnosis = [new() { Id = "X", Message = "m", Log = "```\n| x |\n# y", Severity = FindingSeverity.Error }] };
        var text = Written(Report(rollout), ReportFormat.Markdown);

        Assert.Contains("a\\|b\\`c\\*\\_\\[x\\](y)", text);
        Assert.Contains("see &#64;everyone &lt;img> \\#1 \\!\\[x\\](y) \\# heading", text);
        Assert.All(text.Split('\n').Where(line => line.Contains("```", StringComparison.Ordinal)), line => Assert.StartsWith("      ", line));
    }

    [Fact]
    public void In_markdown_a_long_list_is_cut_and_says_so()
    {
        var text = Written(Report([.. Enumerable.Range(0, 250).Select(number => Rollout($"w{number}"))]), ReportFormat.Markdown);

        Assert.Contains("and 150 more.", text);
        Assert.DoesNotContain("/w100 ", text);
    }

    [Fact]
    public void Json_holds_the_figures_and_every_rollout()
    {
        var document = JsonDocument.Parse(Written(Report(Rollout("web"), Rollout("api") with { State = RolloutState.TimedOut, Message = "late" }), ReportFormat.Json)).RootElement;

        Assert.Equal(("meshroll.io/report/v1", 1, 1, "1 of 2 workloads is done; 1 not done in time."),
            (document.GetProperty("schema").GetString(), document.GetProperty("complete").GetInt32(), document.GetProperty("timedOut").GetInt32(), document.GetProperty("verdict").GetString()));
        var api = document.GetProperty("waves")[0].GetProperty("rollouts")[1];
        Assert.Equal(("api", "TimedOut", "late", 60.0, 2), (api.GetProperty("name").GetString(), api.GetProperty("state").GetString(), api.GetProperty("message").GetString(), api.GetProperty("seconds").GetDouble(), api.GetProperty("lowestReady").GetInt32()));
    }

    [Theory]
    [InlineData("", "Nothing was restarted.")]
    [InlineData("C", "1 of 1 workload is done.")]
    [InlineData("CC", "2 of 2 workloads are done.")]
    [InlineData("CF", "1 of 2 workloads is done; 1 failed.")]
    [InlineData("CW", "1 of 2 workloads is done; 1 failed.")]
    [InlineData("TTP", "0 of 3 workloads are done; 2 not done in time, 1 still moves.")]
    [InlineData("CSSPP", "1 of 5 workloads is done; 2 still move, 2 were left alone.")]
    public void One_sentence_tells_how_it_went(string states, string verdict)
    {
        var rollouts = states.Where(char.IsLetter).Select((state, number) => Rollout($"w{number}") with
        {
            State = state switch { 'C' or 'W' => RolloutState.Complete, 'F' => RolloutState.Failed, 'T' => RolloutState.TimedOut, 'P' => RolloutState.Progressing, _ => RolloutState.Skipped },
            Diagnosis = state == 'W' ? [new() { Id = "SidecarStillOutdated", Message = "m", Severity = FindingSeverity.Error }] : [],
        });

        Assert.Equal(verdict, new ReportFigures(Report([.. rollouts])).Verdict);
    }

    [Fact]
    public void Of_what_comes_twice_the_last_word_counts_in_the_place_of_the_first()
    {
        var report = Report(Rollout("web") with { State = RolloutState.Pending }, Rollout("api"), Rollout("web"));

        Assert.Equal([("web", RolloutState.Complete), ("api", RolloutState.Complete)], report.Rollouts.Select(rollout => (rollout.Name, rollout.State)));
    }

    [Fact]
    public void The_course_adds_up_what_all_had_at_each_moment()
    {
        var first = Rollout("web") with { Timeline = [new(s_start, 3, 0, 3), new(s_start.AddSeconds(30), 0, 3, 2)], EndTime = s_start.AddSeconds(60) };
        var second = Rollout("api") with { Timeline = [new(s_start.AddSeconds(15), 1, 0, 1)], EndTime = s_start.AddSeconds(45) };
        var course = new ReportFigures(Report(first, second)).Course;

        Assert.Equal(ReportFigures.CourseMoments + 1, course.Count);
        Assert.Equal((4, 0, 4), (course[0].Old, course[0].New, course[0].Ready));
        Assert.Equal((1, 3, 3), (course[^1].Old, course[^1].New, course[^1].Ready));
        Assert.Equal((1, 3, 3), (course[120].Old, course[120].New, course[120].Ready));
        Assert.Equal((4, 0, 4), (course[119].Old, course[119].New, course[119].Ready));
    }

    [Fact]
    public void Without_any_rollout_there_is_still_a_report()
    {
        var report = RolloutReport.Of([], "Nothing", s_start, TimeZoneInfo.Utc);

        Assert.Contains("Nothing was restarted.", Written(report, ReportFormat.Html));
        Assert.Contains("Nothing was restarted.", Written(report, ReportFormat.Markdown));
        Assert.Equal(0, JsonDocument.Parse(Written(report, ReportFormat.Json)).RootElement.GetProperty("waves").GetArrayLength());
    }

    [Fact]
    public void A_report_that_cannot_be_written_leaves_what_was_there()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "report.html");
        File.WriteAllText(path, "before");

        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(folder.GetFiles());
        ReportFile.Write(Report(Rollout("web")), path, ReportFormat.Html);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(path));
        Assert.Single(folder.GetFiles());

        var error = Assert.Throws<InvalidRequestException>(() => ReportFile.Write(Report(Rollout("web")), Path.Combine(folder.FullName, "no", "report.html"), ReportFormat.Html));
        Assert.Equal("MeshRoll.ReportNotWritten", error.Id);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("a.html", ReportFormat.Html)]
    [InlineData("a.HTM", ReportFormat.Html)]
    [InlineData("a.md", ReportFormat.Markdown)]
    [InlineData("a.markdown", ReportFormat.Markdown)]
    [InlineData("a.json", ReportFormat.Json)]
    [InlineData("a.pdf", null)]
    [InlineData("a", null)]
    public void The_ending_tells_the_format(string path, ReportFormat? format) => Assert.Equal(format, ReportFile.FormatOf(path));

    private static RolloutReport Report(params MeshRollout[] rollouts) => RolloutReport.Of(rollouts, "Mesh 1.27", s_start.AddHours(1), TimeZoneInfo.Utc);

    private static MeshRollout Rollout(string name) => new()
    {
        Cluster = "here",
        Namespace = "shop",
        Kind = "Deployment",
        Name = name,
        Strategy = "Rolling",
        State = RolloutState.Complete,
        Desired = 3,
        Updated = 3,
        Ready = 3,
        PreviousVersion = "1.26.4",
        DesiredVersion = "1.27.1",
        StartTime = s_start,
        EndTime = s_start.AddMinutes(1),
        Timeline = [new(s_start, 3, 0, 3), new(s_start.AddSeconds(20), 1, 2, 2), new(s_start.AddMinutes(1), 0, 3, 3)],
    };

    private static string Written(RolloutReport report, ReportFormat format)
    {
        using var stream = new MemoryStream();
        ReportFile.Write(report, stream, format);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    private static string Hash(string text) => Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static IEnumerable<string> Tags(string page) => Tag().Matches(page).Select(match => match.Groups[1].Value);

    [GeneratedRegex("<([a-z][a-z0-9]*)")]
    private static partial Regex Tag();
}
