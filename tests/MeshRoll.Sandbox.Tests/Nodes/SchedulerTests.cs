using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Nodes;

public sealed class SchedulerTests
{
    [Fact]
    public void Pods_spread_over_the_nodes_the_emptiest_first_then_by_name()
    {
        var world = new NodeWorld(nodes: 3);
        for (var i = 1; i <= 6; i++) world.Create(new PodBuilder($"web-{i}"));
        world.Settle();

        Assert.Equal(["node-1", "node-2", "node-3", "node-1", "node-2", "node-3"], Enumerable.Range(1, 6).Select(i => world.Pod($"web-{i}").Text("spec", "nodeName")));
        Assert.Equal("Scheduled: Successfully assigned shop/web-2 to node-2", world.Told("web-2")[0]);
        Assert.Equal("True", world.Condition("PodScheduled", "web-1").Text("status"));
    }

    [Fact]
    public void A_pod_that_fits_nowhere_waits_and_says_why()
    {
        var world = new NodeWorld(nodes: 3, node: new() { Pods = 1 });
        for (var i = 1; i <= 4; i++) world.Create(new PodBuilder($"web-{i}"));
        world.Settle();

        const string Message = "0/3 nodes are available: 3 Too many pods. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
        var condition = world.Condition("PodScheduled", "web-4");
        Assert.Equal(("False", "Unschedulable", Message), (condition.Text("status"), condition.Text("reason"), condition.Text("message")));
        Assert.Equal([$"FailedScheduling: {Message}"], world.Told("web-4"));
        Assert.Null(world.Pod("web-4").Text("spec", "nodeName"));
    }

    [Fact]
    public void A_waiting_pod_gets_the_place_that_becomes_free()
    {
        var world = new NodeWorld(node: new() { Pods = 1 });
        var first = world.Create(new PodBuilder("web-1"));
        world.Settle();
        world.Create(new PodBuilder("web-2"));
        world.Settle();
        world.Cluster.Delete(first);
        world.Settle();

        Assert.False(world.Exists("web-1"));
        Assert.True(world.IsReady("web-2"));
        Assert.Equal(0, world.Nodes.Scheduler.Unschedulable);
    }

    [Fact]
    public void A_pod_that_ended_makes_room_though_it_is_still_there()
    {
        var world = new NodeWorld(node: new() { Pods = 1 });
        world.Create(new PodBuilder("job").RestartPolicy("Never").Annotated("completes-after", "3s"));
        world.Create(new PodBuilder());
        world.Settle();

        Assert.Equal("Succeeded", world.Pod("job").Text("status", "phase"));
        Assert.True(world.IsReady());
    }

    [Fact]
    public void A_waiting_pod_gets_a_node_that_comes_later()
    {
        var world = new NodeWorld(nodes: 0);
        world.Create(new PodBuilder());
        world.Settle();
        Assert.Equal("no nodes available to schedule pods", world.Condition("PodScheduled").Text("message"));

        world.Nodes.Add("node-1");
        world.Settle();

        Assert.True(world.IsReady());
    }

    [Fact]
    public void Between_two_tries_a_waiting_pod_waits_longer_each_time()
    {
        var world = new NodeWorld(node: new() { Pods = 0 });
        world.Create(new PodBuilder());
        world.Settle();
        var tries = new List<double>();
        var start = world.Now;
        world.Cluster.Store.Changed += change =>
        {
            if (change.Object.Resource == ApiResources.Events) tries.Add((world.Now - start).TotalSeconds);
        };
        for (var i = 0; i < 40; i++)
        {
            Relabel(world, i);
            world.Run(1);
        }
        Assert.Equal([1, 3, 7, 15, 25, 35], tries);
    }

    [Fact]
    public void Requests_are_counted_and_the_sidecars_of_the_initialisation_with_them()
    {
        var world = new NodeWorld(node: new() { Cpu = "1", Memory = "1Gi" });
        world.Create(new PodBuilder("one").Requests("600m", "100Mi"));
        world.Create(new PodBuilder("two").Requests("600m", "1Gi"));
        world.Settle();

        Assert.StartsWith("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. preemption:", world.Condition("PodScheduled", "two").Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cordon", "0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")]
    [InlineData("taint", "0/1 nodes are available: 1 node(s) had untolerated taint {team: blue}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")]
    [InlineData("selector", "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")]
    [InlineData("affinity", "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")]
    public void What_keeps_a_pod_from_a_node_is_named(string obstacle, string message)
    {
        var world = new NodeWorld();
        var pod = new PodBuilder();
        if (obstacle == "cordon") ChangeNode(world, node => node.Object("spec")["unschedulable"] = true);
        if (obstacle == "taint") ChangeNode(world, node => node.Object("spec")["taints"] = new JsonArray(new JsonObject { ["key"] = "team", ["value"] = "blue", ["effect"] = "NoSchedule" }));
        if (obstacle == "selector") pod.Spec["nodeSelector"] = new JsonObject { ["disk"] = "ssd" };
        if (obstacle == "affinity") OnlyOn(pod, "node-2");
        world.Create(pod);
        world.Settle();

        Assert.Equal(message, world.Condition("PodScheduled").Text("message"));
    }

    [Fact]
    public void A_pod_of_a_DaemonSet_goes_to_the_node_it_names_and_minds_no_cordon()
    {
        var world = new NodeWorld(nodes: 3);
        ChangeNode(world, node => node.Object("spec")["unschedulable"] = true);
        var pod = new PodBuilder();
        OnlyOn(pod, "node-1");
        pod.Spec["tolerations"] = new JsonArray(new JsonObject { ["key"] = "node.kubernetes.io/unschedulable", ["operator"] = "Exists", ["effect"] = "NoSchedule" });
        world.Create(pod);
        world.Settle();

        Assert.Equal("node-1", world.Pod().Text("spec", "nodeName"));
    }

    [Fact]
    public void A_pod_of_another_scheduler_is_left_alone()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Set(pod => pod.Object("spec")["schedulerName"] = "somebody"));
        world.Settle();

        Assert.Equal(0, world.Writes());
    }

    [Fact]
    public void A_pod_that_is_deleted_while_it_waits_is_forgotten()
    {
        var world = new NodeWorld(nodes: 0);
        var pod = world.Create(new PodBuilder());
        world.Settle();
        world.Cluster.Delete(pod);
        world.Nodes.Add("node-1");
        world.Settle();

        Assert.False(world.Exists());
        Assert.Equal(0, world.Nodes.Scheduler.Unschedulable);
    }

    [Fact]
    public void A_settling_world_makes_binds_and_starts_a_pod_in_one_write()
    {
        var world = new NodeWorld { Nodes = { IsSettling = true } };
        world.Create(new PodBuilder().Init().Probe("readinessProbe", initialDelay: 30));
        var time = world.Settle();

        Assert.True(world.IsReady());
        Assert.Equal((0, TimeSpan.Zero), (world.Writes(), time));

        world.Cluster.Delete(world.Cluster.Store.Find(ApiResources.Pods, "shop", "web")!);
        Assert.Equal(TimeSpan.Zero, world.Settle());
        Assert.False(world.Exists());
    }

    [Fact]
    public void A_pod_that_starts_quickly_costs_two_writes()
    {
        var world = new NodeWorld();
        world.Create(new PodBuilder().Init());
        var time = world.Settle();

        Assert.True(world.IsReady());
        Assert.Equal((2, TimeSpan.FromSeconds(0.2)), (world.Writes(), time));
    }

    private static void ChangeNode(NodeWorld world, Action<JsonObject> change) =>
        world.Cluster.Change(world.Cluster.Store.Find(ApiResources.Nodes, "", "node-1")!, change);

    private static void Relabel(NodeWorld world, int number) => ChangeNode(world, node => node.Object("metadata", "labels")["number"] = $"{number}");

    private static void OnlyOn(PodBuilder pod, string node) => pod.Spec["affinity"] = new JsonObject
    {
        ["nodeAffinity"] = new JsonObject
        {
            ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
            {
                ["nodeSelectorTerms"] = new JsonArray(new JsonObject
                {
                    ["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) }),
                }),
            },
        },
    };
}
