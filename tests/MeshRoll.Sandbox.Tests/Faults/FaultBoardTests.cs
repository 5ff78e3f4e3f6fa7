using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Faults;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Tests.Faults;

public sealed class FaultBoardTests
{
    [Theory]
    [InlineData(SandboxFaultKind.ImageMissing, "ImagePullBackOff")]
    [InlineData(SandboxFaultKind.Crash, "CrashLoopBackOff")]
    [InlineData(SandboxFaultKind.NeverReady, "")]
    public void What_comes_up_later_suffers_what_runs_does_not_and_what_suffered_recovers(SandboxFaultKind kind, string waiting)
    {
        var (world, board) = World();
        world.Create(new PodBuilder("before"));
        world.Settle();
        var name = board.Add(new() { Kind = kind, Namespace = "shop" });
        world.Create(new PodBuilder("after"));
        world.Settle();
        Assert.Equal((true, false), (world.IsReady("before"), world.IsReady("after")));
        Assert.Equal(waiting, world.Waiting(pod: "after"));

        Assert.True(board.Remove(name));
        world.Settle();
        Assert.True(world.IsReady("after"));
    }

    [Fact]
    public void An_image_that_is_lost_spares_who_runs_with_it()
    {
        var (world, board) = World();
        world.Create(new PodBuilder("before"));
        world.Settle();
        board.Add(new() { Name = "lost", Kind = SandboxFaultKind.ImageMissing, Image = "shop/web:*" });
        world.Create(new PodBuilder("after"));
        world.Create(new PodBuilder("other").Image("shop/other:1"));
        world.Settle();
        Assert.Equal((true, false, true), (world.IsReady("before"), world.IsReady("after"), world.IsReady("other")));
        board.Remove("lost");
        world.Settle();
        Assert.True(world.IsReady("after"));
    }

    [Fact]
    public void A_failing_init_container_holds_a_pod_until_the_fault_goes()
    {
        var (world, board) = World();
        board.Add(new() { Name = "init", Kind = SandboxFaultKind.InitContainerFailing, ExitCode = 3 });
        world.Create(new PodBuilder().Init());
        world.Settle();
        Assert.Equal(3, world.Status("setup").Number("lastState", "terminated", "exitCode"));
        board.Clear();
        world.Settle();
        Assert.True(world.IsReady());
    }

    [Fact]
    public void A_slow_workload_takes_longer_and_others_do_not()
    {
        var (world, board) = World();
        board.Add(new() { Kind = SandboxFaultKind.Slow, Workload = "web-*", After = TimeSpan.FromSeconds(7) });
        world.Create(new PodBuilder("web-1"));
        world.Create(new PodBuilder("api-1"));
        world.Run(2);
        Assert.Equal((false, true), (world.IsReady("web-1"), world.IsReady("api-1")));
        Assert.Equal(5.2, world.Settle().TotalSeconds, 6);
        Assert.True(world.IsReady("web-1"));
    }

    [Fact]
    public void A_full_node_holds_what_it_holds()
    {
        var (world, board) = World();
        world.Create(new PodBuilder("before"));
        world.Settle();
        board.Add(new() { Name = "full", Kind = SandboxFaultKind.NodeFull });
        world.Create(new PodBuilder("after"));
        world.Settle();
        Assert.StartsWith("0/1 nodes are available: 1 Too many pods.", world.Condition("PodScheduled", "after").Text("message"), StringComparison.Ordinal);
        board.Remove("full");
        world.Settle();
        Assert.True(world.IsReady("after"));
    }

    [Fact]
    public void A_used_up_quota_refuses_further_pods()
    {
        var (world, board) = World();
        world.Cluster.Add(new QuotaAdmission(world.Cluster));
        world.Create(new PodBuilder("one"));
        board.Add(new() { Name = "quota", Kind = SandboxFaultKind.QuotaExceeded, Namespace = "shop" });
        world.Settle();
        var refusal = Assert.Throws<ApiStatusException>(() => world.Create(new PodBuilder("two")));
        Assert.Contains("exceeded quota: sandbox-quota, requested: pods=1, used: pods=1, limited: pods=1", refusal.Message, StringComparison.Ordinal);
        board.Remove("quota");
        world.Create(new PodBuilder("two"));
    }

    [Fact]
    public void An_injector_that_is_down_is_not_ready_though_it_runs()
    {
        var (world, board) = World();
        world.Create(new PodBuilder("istiod").Labelled("app", "istiod").Labelled("istio.io/rev", "1-27"));
        world.Settle();
        board.Add(new() { Name = "down", Kind = SandboxFaultKind.WebhookDown, Revision = "1-27" });
        world.Settle();
        Assert.Equal(("Running", false), (world.Pod("istiod").Text("status", "phase"), world.IsReady("istiod")));
        board.Remove("down");
        world.Settle();
        Assert.True(world.IsReady("istiod"));
    }

    [Fact]
    public void An_autoscaler_wants_the_replicas_there_are()
    {
        var (world, board) = World();
        world.Cluster.Create(ApiResources.Deployments, "shop", JsonNode.Parse("""
            {"metadata":{"name":"web"},"spec":{"replicas":4,"selector":{"matchLabels":{"app":"web"}},
            "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"app","image":"shop/web:1"}]}}}}
            """)!.AsObject());
        board.Add(new() { Name = "hpa", Kind = SandboxFaultKind.AutoscalerFights, Namespace = "shop", Workload = "Deployment/web" });
        var scaler = world.Cluster.Store.List(ApiResources.HorizontalPodAutoscalers, "shop").Single().ToJson();
        Assert.Equal((4, 4, "web"), (scaler.Number("spec", "minReplicas"), scaler.Number("spec", "maxReplicas"), scaler.Text("spec", "scaleTargetRef", "name")));
        board.Remove("hpa");
        Assert.Empty(world.Cluster.Store.List(ApiResources.HorizontalPodAutoscalers, "shop"));
    }

    [Fact]
    public void A_fault_of_the_same_name_takes_the_others_place()
    {
        var (_, board) = World();
        board.Add(new() { Name = "one", Kind = SandboxFaultKind.NeverReady });
        board.Add(new() { Name = "one", Kind = SandboxFaultKind.Crash });
        Assert.Equal([SandboxFaultKind.Crash], board.Active.Select(fault => fault.Kind));
        Assert.False(board.Remove("other"));
    }

    [Theory]
    [InlineData(SandboxFaultKind.Slow, "*", "*")]
    [InlineData(SandboxFaultKind.QuotaExceeded, "*", "*")]
    [InlineData(SandboxFaultKind.AutoscalerFights, "shop", "*")]
    [InlineData(SandboxFaultKind.AutoscalerFights, "shop", "nobody")]
    [InlineData((SandboxFaultKind)99, "shop", "web")]
    public void A_fault_that_makes_no_sense_is_refused_and_not_in_force(SandboxFaultKind kind, string @namespace, string workload)
    {
        var (_, board) = World();
        var refusal = Assert.Throws<SandboxException>(() => board.Add(new() { Kind = kind, Namespace = @namespace, Workload = workload }));
        Assert.StartsWith($"The fault {kind} cannot be injected: ", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(board.Active);
    }

    private static (NodeWorld World, FaultBoard Board) World()
    {
        FaultBoard? board = null;
        var world = new NodeWorld(faultsOf: cluster => board = new(cluster));
        board!.Attach(world.Nodes.Images);
        return (world, board);
    }
}
