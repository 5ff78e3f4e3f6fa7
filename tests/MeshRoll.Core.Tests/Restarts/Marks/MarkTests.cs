using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Tests.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Tests.Restarts.Marks;

public sealed class MarkTests
{
    private static readonly DateTimeOffset Now = Some.Start;

    private static readonly RestartMark Mark = new()
    {
        Run = "feedfacecafe",
        Strategy = "Surge",
        By = "ann@build",
        Process = 42,
        Since = Now,
        Beat = Now,
        Replicas = 3,
        Surge = 1,
        AllPods = true,
        Before = Now - TimeSpan.FromDays(1),
    };

    [Fact]
    public void A_mark_reads_as_it_was_written()
    {
        Assert.Equal(Mark, MarkText.Read(MarkText.Write(Mark)));
        var plain = Mark with { Replicas = null, Surge = 0, AllPods = false, Before = null, Strategy = "Evict" };
        Assert.Equal(plain, MarkText.Read(MarkText.Write(plain)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"run":"x"}""")]
    [InlineData("""{"run":"x","strategy":"Rolling","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"run":"","strategy":"Evict","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"run":"x","strategy":"Evict","by":"","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"run":"x","strategy":"Evict","by":"a@b","process":"1","since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"run":"x","strategy":"Evict","by":"a@b","process":1,"since":"yesterday","beat":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"run":"x","strategy":"Evict","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":1}""")]
    [InlineData("""{"run":"x","strategy":"Surge","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z","replicas":-1,"surge":1}""")]
    [InlineData("""{"run":"x","strategy":"Surge","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z","replicas":3}""")]
    [InlineData("""{"run":"x","strategy":"Surge","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z","surge":1}""")]
    [InlineData("""{"run":"x","strategy":"Surge","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z","replicas":3,"surge":99999}""")]
    [InlineData("""{"run":"x","strategy":"Evict","by":"a@b","process":1,"since":"2026-01-01T00:00:00Z","beat":"2026-01-01T00:00:00Z","before":"?"}""")]
    [InlineData("""{"run":"x","strategy":"Evict","by":{"a":{"b":{"c":{"d":1}}}},"process":1}""")]
    public void Nonsense_is_no_mark(string text) => Assert.Null(MarkText.Read(text));

    [Fact]
    public void A_mark_as_long_as_a_book_is_none() => Assert.Null(MarkText.Read($$"""{"run":"x","more":"{{new string('x', 5000)}}"}"""));

    [Fact]
    public void A_cut_mark_is_none_wherever_it_is_cut()
    {
        var whole = MarkText.Write(Mark);
        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Null(MarkText.Read(whole[..length])));
    }

    [Fact]
    public void A_workload_carries_a_mark_only_with_the_label_of_the_same_run()
    {
        Assert.Equal(new(Mark, null), MarkRules.Of(Workload(MarkText.Write(Mark), "feedfacecafe")));
        // A copy that an undo brought back from a ReplicaSet.
        Assert.Equal(default, MarkRules.Of(Workload(MarkText.Write(Mark), null)));
        Assert.Equal(new(null, "nonsense"), MarkRules.Of(Workload("nonsense", "feedfacecafe")));
        Assert.Equal(new(null, MarkText.Write(Mark)), MarkRules.Of(Workload(MarkText.Write(Mark), "other")));
        Assert.Equal(new(null, ""), MarkRules.Of(Workload(null, "feedfacecafe")));
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(179, true, true)]
    [InlineData(180, true, false)]
    [InlineData(-3600, true, true)]
    [InlineData(0, false, false)]
    public void A_run_lives_while_it_is_heard_of_and_its_process_may_be_there(int secondsAgo, bool mayRun, bool lives) =>
        Assert.Equal(lives, MarkRules.IsAlive(Mark, Now + TimeSpan.FromSeconds(secondsAgo), new Registry(mayRun)));

    [Theory]
    [InlineData(3, 1, 4, 3)]
    [InlineData(3, 1, 3, null)]
    [InlineData(3, 1, 5, null)]
    [InlineData(0, 1, 1, 0)]
    [InlineData(3, 0, 3, null)]
    [InlineData(null, 0, 4, null)]
    public void A_count_is_restored_only_while_it_is_as_the_run_raised_it(int? before, int surge, int now, int? restored) =>
        Assert.Equal(restored, MarkRules.ReplicasToRestore(Mark with { Replicas = before, Surge = surge }, now));

    [Fact]
    public void Mark_and_count_change_in_one_write_that_rests_on_what_was_read()
    {
        var set = JsonNode.Parse(MarkPatch.Set("7", Mark, 4).Json.Span)!;
        Assert.Equal(("7", "feedfacecafe", 4), ((string)set["metadata"]!["resourceVersion"]!, (string)set["metadata"]!["labels"]![RestartMark.Key]!, (int)set["spec"]!["replicas"]!));
        Assert.Equal(Mark, MarkText.Read((string)set["metadata"]!["annotations"]![RestartMark.Key]!));
        Assert.Equal("""{"metadata":{"resourceVersion":"8","annotations":{"meshroll.io/run":null},"labels":{"meshroll.io/run":null}}}""", Encoding.UTF8.GetString(MarkPatch.Remove("8", null).Json.Span));
    }

    [Fact]
    public void The_runs_of_this_process_are_known_by_name_and_other_processes_by_whether_they_live()
    {
        var runs = RunsOfThisMachine.Instance;
        var own = Mark with { By = runs.By, Process = Environment.ProcessId, Run = runs.Begin() };
        Assert.True(runs.MayRun(own));
        runs.End(own.Run);
        Assert.False(runs.MayRun(own));
        Assert.False(runs.MayRun(own with { Process = int.MaxValue }));
        // Another machine's processes cannot be looked at.
        Assert.True(runs.MayRun(own with { By = "ann@elsewhere", Process = int.MaxValue }));
        // A process with the number of a dead one began after the mark was made.
        Assert.False(runs.MayRun(own with { Process = 1, Since = DateTimeOffset.UnixEpoch }));
    }

    private static Deployment Workload(string? annotation, string? label) => Some.Deployment() with
    {
        Metadata = new()
        {
            Annotations = annotation is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [RestartMark.Key] = annotation },
            Labels = label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [RestartMark.Key] = label },
        },
    };

    private sealed class Registry(bool mayRun) : IRunRegistry
    {
        public bool MayRun(RestartMark mark) => mayRun;
    }
}
