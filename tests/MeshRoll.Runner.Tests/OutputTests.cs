using System.Text.Json.Nodes;
using MeshRoll.Core.Rollouts;
using MeshRoll.Runner.Options;
using MeshRoll.Runner.Output;

namespace MeshRoll.Runner.Tests;

public class OutputTests
{
    private readonly StringWriter _out = new() { NewLine = "\n" };

    [Fact]
    public void A_table_is_as_wide_as_its_widest_cells_and_has_no_trailing_blanks()
    {
        var table = new Table(_out, "NAME", "STATE", "MESSAGE");
        table.Add("web", "Complete", "");
        table.Add("checkout", "Failed", "image gone");
        table.Flush();
        Assert.Equal("NAME      STATE     MESSAGE\nweb       Complete  \ncheckout  Failed    image gone\n", _out.ToString());
    }

    [Fact]
    public void A_table_without_rows_writes_nothing()
    {
        new Table(_out, "NAME").Flush();
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public void A_long_table_begins_before_its_end_and_keeps_every_row()
    {
        var table = new Table(_out, "NAME", "N");
        for (var row = 0; row < 500; row++)
        {
            table.Add(row == 400 ? "wider-than-anything-before" : "web", $"{row}");
            if (row == 200) Assert.NotEmpty(_out.ToString());
        }
        table.Flush();
        Assert.Equal(501, _out.ToString().Count(character => character == '\n'));
        Assert.Contains("wider-than-anything-before400\n", _out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("plain", "plain")]
    [InlineData("red\u001b[31m\r\nalert\u0007\u009b2J", "red [31m  alert  2J")]
    public void Text_from_a_cluster_cannot_steer_the_terminal(string? text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void Json_is_an_array_with_the_cmdlets_names_in_camel_case_and_enums_in_words()
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        RolloutResults.Write(_out, OutputFormat.Json, [Rollout(RolloutState.Failed) with { StartTime = start, Message = "image \"gone\"" }, Rollout(RolloutState.Complete)]);
        var rows = JsonNode.Parse(_out.ToString())!.AsArray();
        Assert.Equal(2, rows.Count);
        Assert.Equal(("Failed", "image \"gone\"", "web", "2026-01-02T03:04:05+00:00"),
            ((string)rows[0]!["state"]!, (string)rows[0]!["message"]!, (string)rows[0]!["name"]!, (string)rows[0]!["startTime"]!));
    }

    [Fact]
    public void Json_without_results_is_an_empty_array()
    {
        RolloutResults.Write(_out, OutputFormat.Json, []);
        Assert.Equal("[]\n", _out.ToString());
    }

    [Fact]
    public void The_exit_code_tells_the_worst_of_what_happened()
    {
        var complete = Rollout(RolloutState.Complete);
        var stale = complete with { Diagnosis = [new MeshFinding { Id = "SidecarStillOutdated", Message = "old", Severity = FindingSeverity.Error }] };
        Assert.Equal(ExitCode.Done, RolloutResults.ExitCodeOf([]));
        Assert.Equal(ExitCode.Done, RolloutResults.ExitCodeOf([complete, Rollout(RolloutState.Skipped)]));
        Assert.Equal(ExitCode.WorkloadFailed, RolloutResults.ExitCodeOf([complete, Rollout(RolloutState.Failed), Rollout(RolloutState.TimedOut)]));
        Assert.Equal(ExitCode.WorkloadFailed, RolloutResults.ExitCodeOf([stale]));
        Assert.Equal(ExitCode.TimedOut, RolloutResults.ExitCodeOf([complete, Rollout(RolloutState.TimedOut)]));
    }

    private static MeshRollout Rollout(RolloutState state) => new() { Cluster = "c", Namespace = "shop", Kind = "Deployment", Name = "web", State = state };
}
