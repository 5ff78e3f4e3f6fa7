using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Tests.Running;

public sealed class StartTests
{
    [Fact]
    public async Task The_rehearsal_leaves_no_trace()
    {
        await using var sandbox = SandboxCluster.Start(new() { World = BuiltInWorlds.Find("Empty") });

        Assert.Empty(sandbox.Requests);
        Assert.Equal([sandbox.SocketPath, sandbox.KubeConfigPath], Directory.GetFiles(Path.GetDirectoryName(sandbox.KubeConfigPath)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_world_may_still_be_being_read()
    {
        await using var sandbox = SandboxCluster.Start(new(), Task.Run(() => BuiltInWorlds.Find("Minimal")));

        Assert.Equal("Minimal", sandbox.Scenario);
        sandbox.Reset();
        Assert.Equal("Minimal", sandbox.Scenario);
    }

    [Fact]
    public void A_world_that_cannot_be_read_is_no_sandbox()
    {
        var refusal = Assert.Throws<SandboxException>(() => SandboxCluster.Start(new(), Task.Run(() => BuiltInWorlds.Find("Nowhere"))));

        Assert.Equal("MeshRoll.SandboxScenarioNotFound", refusal.Id);
    }
}
