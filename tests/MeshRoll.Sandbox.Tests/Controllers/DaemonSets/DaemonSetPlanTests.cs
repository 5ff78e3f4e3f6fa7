using MeshRoll.Sandbox.Controllers.DaemonSets;

namespace MeshRoll.Sandbox.Tests.Controllers.DaemonSets;

/// <summary>
/// Nodes are words, their pods letters, oldest first: <c>a</c> available, <c>u</c> not ready, <c>w</c> ready but not for long enough (waiting),
/// <c>d</c> ending (deleted), <c>x</c> ended; a capital one has the present template. A <c>-</c> is a node without pods; after a <c>!</c> comes a node
/// that wants none, after a <c>~</c> one that only bears what it has. Steps name nodes and pods by their numbers: <c>-0.1</c> deletes the second
/// pod of the first node, <c>+2</c> makes one for the third.
/// </summary>
public sealed class DaemonSetPlanTests
{
    [Theory]
    [InlineData("- - -", false, "+0 +1 +2")]
    [InlineData("A - d", false, "+1")]
    [InlineData("!A !- !d", false, "-0.0")]
    [InlineData("~A ~-", false, "")]
    [InlineData("x A", false, "-0.0")]
    [InlineData("aA", false, "-0.1")]
    [InlineData("ad", false, "")]
    [InlineData("aU", true, "")]
    [InlineData("aW", true, "")]
    [InlineData("aA", true, "-0.0")]
    [InlineData("uU", true, "-0.0")]
    [InlineData("aaUU", true, "-0.3 -0.1")]
    public void Every_node_gets_its_pod_and_no_more(string nodes, bool surges, string expected) =>
        Assert.Equal(expected, Write(DaemonSetPlan.Manage(Read(nodes), surges)));

    [Theory]
    [InlineData("a a a", 1, "-0.0")]
    [InlineData("a a a", 2, "-0.0 -1.0")]
    [InlineData("A a a", 1, "-1.0")]
    [InlineData("U a a", 1, "")]
    [InlineData("W a a", 1, "")]
    [InlineData("d a a", 1, "")]
    [InlineData("a u a", 1, "-1.0 -0.0")]
    [InlineData("U u a", 1, "-1.0")]
    [InlineData("aA a a", 1, "")]
    [InlineData("A A A", 1, "")]
    public void Old_pods_are_replaced_as_far_as_nodes_may_be_without(string nodes, int maxUnavailable, string expected) =>
        Assert.Equal(expected, Write(DaemonSetPlan.Update(Read(nodes), 0, maxUnavailable)));

    [Theory]
    [InlineData("a a a", 1, "+0")]
    [InlineData("a a a", 2, "+0 +1")]
    [InlineData("aU a a", 1, "")]
    [InlineData("aA a a", 1, "-0.0")]
    [InlineData("uU a a", 1, "-0.0 +1")]
    [InlineData("u a a", 1, "+0 +1")]
    [InlineData("dA a a", 1, "+1")]
    public void With_a_surge_the_new_one_comes_before_the_old_one_goes(string nodes, int maxSurge, string expected) =>
        Assert.Equal(expected, Write(DaemonSetPlan.Update(Read(nodes), maxSurge, 0)));

    [Theory]
    [InlineData(0, false, 1, false, 10, 0, 1)]
    [InlineData(0, false, 25, true, 10, 0, 3)]
    [InlineData(10, true, 0, false, 11, 2, 0)]
    [InlineData(0, false, 0, false, 10, 0, 1)]
    [InlineData(0, false, 0, false, 0, 0, 0)]
    public void Both_limits_are_rounded_up(int surge, bool surgePercent, int unavailable, bool unavailablePercent, int desired, int expectedSurge, int expectedUnavailable) =>
        Assert.Equal((expectedSurge, expectedUnavailable), DaemonSetPlan.Limits(new(surge, surgePercent), new(unavailable, unavailablePercent), desired));

    private static List<DaemonNode> Read(string nodes) =>
    [
        .. nodes.Split(' ').Select((word, index) =>
        {
            var letters = word.TrimStart('!', '~').Replace("-", "", StringComparison.Ordinal);
            return new DaemonNode($"{index}", word[0] is not ('!' or '~'), word[0] != '!', [.. letters.Select((letter, place) => Pod($"{index}.{place}", letter))]);
        }),
    ];

    private static DaemonPod Pod(string name, char letter)
    {
        var state = char.ToLowerInvariant(letter);
        return new(name) { IsUpdated = char.IsUpper(letter), IsReady = state is 'a' or 'w', IsAvailable = state == 'a', IsEnding = state == 'd', HasEnded = state == 'x' };
    }

    private static string Write(DaemonSteps steps) => string.Join(' ', steps.Delete.Select(name => "-" + name).Concat(steps.CreateOn.Select(node => "+" + node)));
}
