using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Protobuf;
using MeshRoll.Sandbox.Running;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Tests.Protobuf;

public sealed class StoredProtobufTests
{
    [Fact]
    public void Part_by_part_every_object_of_a_world_is_what_its_whole_json_would_be()
    {
        var options = new SandboxOptions { World = BuiltInWorlds.Find("Shop"), VirtualTime = true };
        using var world = new RunningWorld(options, Task.FromResult(options.World), adminToken: null, previousVersion: 0);
        var buffer = new ProtobufBuffer();

        foreach (var resource in ApiResources.All.Where(resource => ProtobufEncoder.CanEncode(resource.Kind)))
        {
            foreach (var stored in world.Cluster.Store.List(resource))
            {
                buffer.Clear();
                StoredProtobuf.Write(buffer, ProtobufEncoder.SchemaOf(resource.Kind), stored);
                Assert.Equal(ProtobufEncoder.EncodeItem(resource.Kind, stored.Json.Span), buffer.Written.ToArray());
            }
        }
        Assert.Contains(world.Cluster.Store.List(ApiResources.Pods), pod => pod is { Hostname.Length: > 0, NodeName.Length: > 0 });
    }
}
