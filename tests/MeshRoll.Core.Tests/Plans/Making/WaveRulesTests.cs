using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Core.Plans;
using MeshRoll.Core.Plans.Making;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Tests.Plans.Making;

/// <summary>Which workload comes in which wave.</summary>
public sealed class WaveRulesTests
{
    [Fact]
    public void The_smallest_that_wait_for_nothing_are_the_canaries() => Assert.Equal(
        ["canary: shop/web shop/tiny", "all: shop/big", "all, step 2: shop/cart"],
        Arrange(new() { Targets = [], CanaryCount = 2 }, Workload("shop", "big", 9), Workload("shop", "web", 2), Workload("shop", "cart", 1, after: "big"), Workload("shop", "tiny", 1), Workload("shop", "off", 0) with { Workload = Planned("shop", "big2", 0) })
            .Select(line => line.Replace(" shop/big2", "", StringComparison.Ordinal)));

    [Fact]
    public void Namespaces_come_in_the_order_given_and_the_others_as_they_were_chosen() => Assert.Equal(
        ["c: c/x", "b: b/x b/y", "a: a/x"],
        Arrange(new() { Targets = [], GroupBy = WaveGrouping.Namespace, Order = ["c"] }, Workload("b", "x"), Workload("a", "x"), Workload("b", "y"), Workload("c", "x")));

    [Fact]
    public void Label_values_are_sorted_and_what_has_no_label_comes_last() => Assert.Equal(
        ["tier=0: s/a", "tier=1: s/c", "without tier: s/b"],
        Arrange(new() { Targets = [], GroupBy = WaveGrouping.Label, Label = "tier" }, Workload("s", "b"), Workload("s", "c", label: "1"), Workload("s", "a", label: "0")));

    [Fact]
    public void Waves_by_hand_take_what_fits_first_and_the_rest_is_the_last() => Assert.Equal(
        ["web*: s/web-1 s/web-2", "deployment/db: s/db", "the rest: s/other"],
        Arrange(new() { Targets = [], Waves = ["web*", "deploy/db"] }, Workload("s", "other"), Workload("s", "web-1"), Workload("s", "db"), Workload("s", "web-2")));

    [Fact]
    public void What_comes_after_something_of_a_later_group_is_moved_behind_it()
    {
        var arranged = WaveRules.Arrange([Workload("a", "x", after: "y", of: "b"), Workload("b", "y")], new() { Targets = [], GroupBy = WaveGrouping.Namespace });
        Assert.Equal(["b: b/y", "b, step 2: a/x"], Lines(arranged));
        Assert.Equal("a/deployment/x belongs to the wave 'a', but comes after something in 'b': it was moved there", Assert.Single(arranged.Findings).Message);
    }

    [Fact]
    public void A_circle_is_refused_by_its_names()
    {
        var error = Assert.Throws<InvalidRequestException>(() => Arrange(new() { Targets = [] }, Workload("s", "start", after: "a"), Workload("s", "a", after: "b"), Workload("s", "b", after: "c"), Workload("s", "c", after: "a")));
        Assert.Contains("s/deployment/a after s/deployment/b after s/deployment/c after s/deployment/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_after_something_that_is_not_planned_is_not_held_back() =>
        Assert.Equal("AfterNotPlanned", Assert.Single(WaveRules.Arrange([Workload("s", "a", after: "gone")], new() { Targets = [] }).Findings).Id);

    [Fact]
    public void A_namespace_called_canary_gets_another_name() => Assert.Equal(
        ["canary: canary/b", "canary (2): canary/a"],
        Arrange(new() { Targets = [], CanaryCount = 1, GroupBy = WaveGrouping.Namespace }, Workload("canary", "a", 5), Workload("canary", "b", 1)));

    [Fact]
    public void Every_workload_has_one_wave_after_all_that_it_comes_after_and_the_file_takes_it()
    {
        var cases =
            from count in Gen.Choose(1, 30)
            from links in Gen.ArrayOf(Gen.Choose(0, 1000), count * 2)
            from grouping in Gen.Elements(WaveGrouping.None, WaveGrouping.Namespace, WaveGrouping.Label)
            from canaries in Gen.Choose(0, 4)
            from hand in Gen.Elements(true, false)
            select (count, links, grouping, canaries, hand);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            // Each after one or two before it in a hidden order: no circles.
            List<PlanCandidate> candidates = [.. Enumerable.Range(0, c.count).Select(i => new PlanCandidate(Planned($"n{c.links[i] % 3}", $"w{i}", c.links[i] % 7) with
            {
                After = [.. new[] { c.links[i], c.links[c.count + i] }.Where(link => i > 0 && link % 3 == 0).Select(link => link % i).Distinct().Select(j => new WorkloadReference($"n{c.links[j] % 3}", "Deployment", $"w{j}"))],
            }, new Dictionary<string, string> { ["tier"] = $"{c.links[i] % 4}" }))];
            var shuffled = candidates.OrderBy(candidate => c.links[candidate.Workload.Pods % c.links.Length] * candidate.Workload.Name.GetHashCode(StringComparison.Ordinal) % 17).ToList();
            var arranged = WaveRules.Arrange(shuffled, new() { Targets = [], GroupBy = c.grouping, Label = "tier", CanaryCount = c.canaries, Waves = c.hand ? ["w1*", "w2"] : [] });
            var wave = arranged.Waves.SelectMany((wave, i) => wave.Workloads.Select(workload => (workload, i))).ToDictionary(pair => pair.workload.Reference, pair => pair.i);
            var plan = new MeshRolloutPlan { Name = "x", Id = "x", LeaseNamespace = "x", Waves = arranged.Waves };
            Core.Plans.Files.PlanReader.Read("x", Core.Plans.Files.PlanFile.Text(plan));
            return wave.Count == c.count && candidates.TrueForAll(candidate => candidate.Workload.After.All(before => wave[before] < wave[candidate.Workload.Reference]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData(1, 0, 60)]
    [InlineData(2, 0, 40)]
    [InlineData(0, 0, 30)]
    [InlineData(1, 5, 70)]
    [InlineData(2, 5, 45)]
    public void A_wave_takes_what_its_pace_makes_of_its_workloads(int concurrent, int delay, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds + 100),
        PlanEstimates.OfWave([Takes(10), Takes(20), Takes(30)], new() { MaxConcurrent = concurrent, Delay = TimeSpan.FromSeconds(delay), Soak = TimeSpan.FromSeconds(100) }));

    [Fact]
    public void A_wave_with_a_workload_of_unknown_time_takes_an_unknown_time() => Assert.Null(PlanEstimates.OfWave([Takes(10), Planned("s", "a", 1)], new()));

    private static PlannedWorkload Takes(int seconds) => Planned("s", $"w{seconds}", 1) with { Estimate = TimeSpan.FromSeconds(seconds) };

    private static PlannedWorkload Planned(string @namespace, string name, int pods) => new() { Namespace = @namespace, Kind = "Deployment", Name = name, Pods = pods };

    private static PlanCandidate Workload(string @namespace, string name, int pods = 3, string? after = null, string? label = null, string? of = null) => new(
        Planned(@namespace, name, pods) with { After = after is null ? [] : [new(of ?? @namespace, "Deployment", after)] },
        label is null ? new Dictionary<string, string>() : new() { ["tier"] = label });

    private static List<string> Arrange(PlanRequest request, params PlanCandidate[] candidates) => Lines(WaveRules.Arrange(candidates, request));

    private static List<string> Lines(ArrangedWaves arranged) => [.. arranged.Waves.Select(wave => $"{wave.Name}: {string.Join(' ', wave.Workloads.Select(workload => $"{workload.Namespace}/{workload.Name}"))}")];
}
