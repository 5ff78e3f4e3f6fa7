using MeshRoll.Sandbox.Wire.Faults;

namespace MeshRoll.Sandbox.Tests.Wire.Faults;

public sealed class WireFaultsTests
{
    private static readonly WireAction.Answer Broken = new(500);

    [Fact]
    public void Without_faults_nothing_happens()
    {
        var faults = new WireFaults();
        Assert.Null(faults.Decide(Get("/api/v1/pods")));
        faults.Add(new() { Action = Broken, Match = new() { Resource = "nodes" } });
        Assert.Null(faults.Decide(Get("/api/v1/pods")));
    }

    [Fact]
    public void A_count_is_used_up_by_requests_that_match()
    {
        var faults = new WireFaults();
        faults.Add(new() { Action = Broken, Count = 2, Match = new() { Resource = "pods" } });
        Assert.NotNull(faults.Decide(Get("/api/v1/pods")));
        Assert.Null(faults.Decide(Get("/api/v1/nodes")));
        Assert.Equal(1, Assert.Single(faults.Active).Count);
        Assert.NotNull(faults.Decide(Get("/api/v1/pods")));
        Assert.Null(faults.Decide(Get("/api/v1/pods")));
        Assert.Empty(faults.Active);
    }

    [Fact]
    public void A_rate_hits_its_share_and_the_same_seed_the_same_requests()
    {
        Assert.Equal(Hits(seed: 7), Hits(seed: 7));
        Assert.NotEqual(Hits(seed: 7), Hits(seed: 8));
        Assert.InRange(Hits(seed: 7).Count(hit => hit), 200, 300);

        static List<bool> Hits(int seed)
        {
            var faults = new WireFaults(seed);
            faults.Add(new() { Action = Broken, Rate = 0.25 });
            return [.. Enumerable.Range(0, 1000).Select(_ => faults.Decide(Get("/api/v1/pods")) is not null)];
        }
    }

    [Fact]
    public void Latencies_add_up_and_the_first_action_decides()
    {
        var faults = new WireFaults();
        faults.Add(new() { Name = "slow", Latency = TimeSpan.FromSeconds(1) });
        faults.Add(new() { Name = "slower", Latency = TimeSpan.FromSeconds(2), Action = Broken });
        faults.Add(new() { Name = "never", Latency = TimeSpan.FromSeconds(4), Action = new WireAction.Throttle() });
        Assert.Equal(new WireVerdict("slow, slower", TimeSpan.FromSeconds(3), Broken), faults.Decide(Get("/api/v1/pods")));
    }

    [Fact]
    public void Faults_are_named_replaced_removed_and_cleared()
    {
        var faults = new WireFaults();
        Assert.Equal("wire-1", faults.Add(new() { Action = Broken }).Name);
        Assert.Equal("wire-2", faults.Add(new() { Action = Broken }).Name);
        faults.Add(new() { Name = "wire-1", Latency = TimeSpan.FromSeconds(1) });
        Assert.Equal(["wire-1", "wire-2"], faults.Active.Select(fault => fault.Name));
        Assert.Null(faults.Active[0].Action);

        Assert.True(faults.Remove("wire-1"));
        Assert.False(faults.Remove("wire-1"));
        Assert.Equal(["wire-2"], faults.Active.Select(fault => fault.Name));
        faults.Clear();
        Assert.Empty(faults.Active);
    }

    public static TheoryData<WireFault, string> Nonsense() => new()
    {
        { new(), "it has neither an action nor a latency" },
        { new() { Action = Broken, Rate = 1.5 }, "its rate 1.5 is not between 0 and 1" },
        { new() { Action = Broken, Rate = double.NaN }, "its rate NaN is not between 0 and 1" },
        { new() { Action = Broken, Count = 0 }, "its count 0 is less than 1" },
        { new() { Latency = TimeSpan.FromSeconds(-1) }, "its latency -00:00:01 is not between nothing and a day" },
        { new() { Action = new WireAction.Answer(200) }, "its status 200 is not between 400 and 599" },
        { new() { Action = new WireAction.Throttle(-1) }, "its Retry-After is negative" },
        { new() { Action = new WireAction.Cut(-1) }, "it cuts after a negative number of bytes" },
    };

    [Theory]
    [MemberData(nameof(Nonsense), DisableDiscoveryEnumeration = true)]
    public void A_fault_that_makes_no_sense_is_refused(WireFault fault, string why)
    {
        var faults = new WireFaults();
        var error = Assert.Throws<SandboxException>(() => faults.Add(fault with { Name = "odd" }));
        Assert.Equal(("MeshRoll.SandboxFaultInvalid", $"The fault odd cannot be injected: {why}."), (error.Id, error.Message));
        Assert.Empty(faults.Active);
    }

    [Fact]
    public void Only_watches_expire()
    {
        var faults = new WireFaults();
        faults.Add(new() { Action = new WireAction.Expire(), Count = 1 });
        Assert.Null(faults.Decide(Get("/api/v1/pods")));
        Assert.NotNull(faults.Decide(Get("/api/v1/pods?watch=1")));
    }

    private static MeshRoll.Sandbox.Wire.HttpRequest Get(string url) => WireMatchTests.Request("GET", url);
}
