using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Tests.Builders;

namespace MeshRoll.Sandbox.Tests.Nodes;

public sealed class OrphanedPodsTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Pods_of_a_node_that_is_gone_go_unless_it_comes_back(bool comesBack, bool stays)
    {
        var world = new NodeWorld(nodes: 2);
        world.Create(new PodBuilder("one"));
        world.Create(new PodBuilder("two"));
        world.Settle();
        world.Cluster.Delete(world.Cluster.Store.Find(ApiResources.Nodes, "", "node-1")!);
        world.Run(30);
        Assert.True(world.Exists("one"));
        if (comesBack) world.Nodes.Add("node-1");
        world.Run(15);
        Assert.Equal((stays, true), (world.Exists("one"), world.Exists("two")));
    }
}
