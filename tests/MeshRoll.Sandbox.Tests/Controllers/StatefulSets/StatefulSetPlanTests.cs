using System.Text.Json;
using MeshRoll.Sandbox.Controllers.StatefulSets;

namespace MeshRoll.Sandbox.Tests.Controllers.StatefulSets;

/// <summary>
/// States by their letters: <c>_</c> missing, <c>x</c> ended, <c>d</c> ending (deleted), <c>u</c> not ready, <c>w</c> ready but not for long enough
/// (waiting), <c>a</c> available; a capital one has the update revision. Steps: <c>+1</c> makes ordinal 1, <c>-1</c> deletes it.
/// </summary>
public sealed class StatefulSetPlanTests
{
    [Theory]
    [InlineData("", "___", "", "+0")]
    [InlineData("", "U__", "", "")]
    [InlineData("", "W__", "", "")]
    [InlineData("", "A__", "", "+1")]
    [InlineData("", "AAA", "", "")]
    [InlineData("", "AxA", "", "-1")]
    [InlineData("", "AdA", "", "")]
    [InlineData("", "aaa", "", "-2")]
    [InlineData("", "aad", "", "")]
    [InlineData("", "aa_", "", "+2")]
    [InlineData("", "aaU", "", "")]
    [InlineData("", "aaA", "", "-1")]
    [InlineData("", "aAA", "", "-0")]
    [InlineData("", "aau", "", "")]
    [InlineData("", "AAA", "A", "-3")]
    [InlineData("", "AAA", "AA", "-4")]
    [InlineData("", "AAA", "AD", "")]
    [InlineData("", "AAA", "AU", "-4")]
    [InlineData("", "AAA", "UU", "")]
    [InlineData("", "AAA", "UA", "-4")]
    [InlineData("", "AAA", "U", "-3")]
    [InlineData("", "AUA", "A", "")]
    [InlineData("", "aaa", "a", "-3")]
    [InlineData("partition", "aaa", "", "-2")]
    [InlineData("partition", "aaA", "", "")]
    [InlineData("OnDelete", "aaa", "", "")]
    [InlineData("OnDelete", "a_a", "", "+1")]
    [InlineData("Parallel", "___", "", "+0 +1 +2")]
    [InlineData("Parallel", "U_x", "AA", "+1 -2 -4 -3")]
    [InlineData("Parallel", "aaa", "", "-2")]
    [InlineData("Parallel", "uaa", "", "-2")]
    [InlineData("Parallel", "aau", "", "-2")]
    [InlineData("Parallel", "aaW", "", "-1")]
    [InlineData("Parallel", "aaU", "", "")]
    [InlineData("Parallel", "aad", "D", "")]
    public void The_next_steps_follow_from_the_pods(string setting, string replicas, string condemned, string expected)
    {
        var beyond = condemned.Select((letter, index) => Of(replicas.Length + index, letter)).Reverse().ToList();
        var steps = StatefulSetPlan.Next(Wish(setting), [.. replicas.Select((letter, index) => Of(index, letter))], beyond);
        Assert.Equal(expected, string.Join(' ', steps.Select(step => $"{(step.IsCreation ? '+' : '-')}{step.Ordinal}")));
    }

    [Theory]
    [InlineData("", 0, false)]
    [InlineData("partition", 1, true)]
    [InlineData("partition", 2, false)]
    [InlineData("OnDelete", 0, false)]
    [InlineData("unset", 1, true)]
    [InlineData("unset", 2, false)]
    public void Below_the_partition_missing_pods_are_made_as_they_were(string setting, int ordinal, bool expected) =>
        Assert.Equal(expected, StatefulSetPlan.NeedsCurrentRevision(Wish(setting), ordinal));

    [Theory]
    [InlineData("web-0", 0)]
    [InlineData("web-12", 12)]
    [InlineData("web-", null)]
    [InlineData("web-a", null)]
    [InlineData("web-db-1", null)]
    [InlineData("web", null)]
    [InlineData("wob-1", null)]
    [InlineData("web--1", null)]
    public void A_pods_name_tells_its_ordinal(string pod, int? expected) => Assert.Equal(expected, StatefulSetController.OrdinalOf("web", pod));

    private static StatefulSetView Wish(string setting)
    {
        var strategy = setting switch
        {
            "OnDelete" => "\"type\":\"OnDelete\"",
            "partition" => "\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":2}",
            "unset" => "\"type\":\"RollingUpdate\"",
            _ => "\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":0}",
        };
        using var spec = JsonDocument.Parse($"{{\"replicas\":3,\"podManagementPolicy\":\"{(setting == "Parallel" ? setting : "OrderedReady")}\",\"updateStrategy\":{{{strategy}}}}}");
        return StatefulSetView.ReadWish(spec.RootElement) with { Status = new() { Current = 2 } };
    }

    private static Replica Of(int ordinal, char letter) => new(ordinal, char.ToLowerInvariant(letter) switch
    {
        '_' => ReplicaState.Missing,
        'x' => ReplicaState.Ended,
        'd' => ReplicaState.Ending,
        'u' => ReplicaState.Unready,
        'w' => ReplicaState.Unavailable,
        _ => ReplicaState.Available,
    }, char.IsUpper(letter));
}
