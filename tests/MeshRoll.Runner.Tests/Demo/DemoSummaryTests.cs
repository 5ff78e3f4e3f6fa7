using MeshRoll.Runner.Demo;
using MeshRoll.Sandbox.Observing;

namespace MeshRoll.Runner.Tests.Demo;

public class DemoSummaryTests
{
    private static readonly WatchedWorkload s_web = new(new("shop", "Deployment", "web"), 2);
    private static readonly WatchedWorkload s_cart = new(new("shop", "Deployment", "cart"), 1);

    [Fact]
    public void Replaced_pods_are_the_old_ones_that_went_and_the_lowest_moment_counts()
    {
        var summary = new DemoSummary([s_web, s_cart], [], [At("web", 2, 2, 0), At("web", 2, 2, 1), At("web", 2, 0, 2), At("cart", 1, 1, 0), At("cart", 2, 1, 1), At("cart", 1, 0, 1)]);

        Assert.True(summary.AllWell);
        Assert.Contains("2 workloads restarted, 3 pods replaced, in 12.5 s. No workload ever had fewer", Text(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void One_moment_below_the_floor_is_said_by_name()
    {
        var summary = new DemoSummary([s_web, s_cart], [], [At("web", 2, 2, 0), At("web", 1, 1, 1), At("web", 2, 0, 2), At("cart", 1, 1, 0), At("cart", 1, 0, 1)]);

        Assert.False(summary.AllWell);
        Assert.Contains("shop deployment/web had too few ready pods", Text(summary), StringComparison.Ordinal);
        Assert.DoesNotContain("cart had", Text(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_that_is_outdated_still_is_not_well()
    {
        var summary = new DemoSummary([s_cart], [s_cart], [At("cart", 1, 1, 0), At("cart", 1, 1, 1)]);

        Assert.False(summary.AllWell);
        Assert.Contains("shop deployment/cart is outdated still", Text(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_replaced_without_a_new_template_are_counted_as_they_go()
    {
        var summary = new DemoSummary([s_web], [], [At("web", 2, 0, 2), At("web", 2, 0, 3), At("web", 2, 0, 2, 1), At("web", 2, 0, 2), At("web", 2, 0, 2, 1), At("web", 2, 0, 2)]);
        Assert.Contains("1 workloads restarted, 2 pods replaced", Text(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_restart_is_not_well() => Assert.False(new DemoSummary([], [], []).AllWell);

    private static SandboxTimelineEntry At(string name, int ready, int old, int @new, int terminating = 0) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Namespace = "shop",
        Kind = "Deployment",
        Name = name,
        Desired = 2,
        Ready = ready,
        Old = old,
        New = @new,
        Terminating = terminating,
    };

    private static string Text(DemoSummary summary)
    {
        var writer = new StringWriter();
        summary.Write(writer, TimeSpan.FromSeconds(12.5));
        return writer.ToString();
    }
}
