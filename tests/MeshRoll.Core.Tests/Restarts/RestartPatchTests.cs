using System.Text;
using System.Text.Json;
using MeshRoll.Core.Restarts;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Tests.Restarts;

public sealed class RestartPatchTests
{
    private static readonly DateTimeOffset Moment = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.FromHours(2)).AddTicks(1234567);

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("DaemonSet")]
    public void The_built_in_kinds_get_one_annotation_and_nothing_else(string kind)
    {
        var patch = RestartPatch.For(kind, Moment);

        Assert.Equal(PatchKind.StrategicMerge, patch.Kind);
        Assert.Equal("""{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-03-01T10:30:15.1234567Z"}}}}}""", Text(patch));
    }

    [Fact]
    public void An_argo_rollout_gets_its_restart_time_in_whole_seconds()
    {
        var patch = RestartPatch.For("Rollout", Moment);

        Assert.Equal((PatchKind.Merge, """{"spec":{"restartAt":"2026-03-01T10:30:15Z"}}"""), (patch.Kind, Text(patch)));
    }

    [Theory]
    [InlineData("Deployment", """{"metadata":{"annotations":{"meshroll.io/plan":"night"},"resourceVersion":"42"},"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-03-01T10:30:15.1234567Z"}}}}}""")]
    [InlineData("Rollout", """{"metadata":{"annotations":{"meshroll.io/plan":"night"},"resourceVersion":"42"},"spec":{"restartAt":"2026-03-01T10:30:15Z"}}""")]
    public void That_of_a_plan_leaves_its_mark_and_holds_only_for_what_it_was_decided_on(string kind, string text) => Assert.Equal(text, Text(RestartPatch.For(kind, Moment, "night", "42")));

    [Fact]
    public void Two_restarts_within_one_second_differ_and_one_restart_sent_twice_does_not()
    {
        Assert.NotEqual(Text(RestartPatch.For("Deployment", Moment)), Text(RestartPatch.For("Deployment", Moment.AddTicks(1))));
        Assert.Equal(Text(RestartPatch.For("Deployment", Moment)), Text(RestartPatch.For("Deployment", Moment)));
    }

    [Fact]
    public void The_value_is_a_time_that_others_can_read() =>
        Assert.Equal(Moment, DateTimeOffset.Parse(RestartPatch.Value(Moment), System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Other_kinds_have_no_patch() => Assert.Throws<ArgumentException>(() => RestartPatch.For("Job", Moment));

    private static string Text(Patch patch)
    {
        using var parsed = JsonDocument.Parse(patch.Json);
        return Encoding.UTF8.GetString(patch.Json.Span);
    }
}
