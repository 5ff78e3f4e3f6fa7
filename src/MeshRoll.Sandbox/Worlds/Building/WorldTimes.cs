using MeshRoll.Sandbox.Nodes;

namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>How long the pods of a world take.</summary>
internal static class WorldTimes
{
    /// <summary>The nodes' ways, where the world says nothing else.</summary>
    public static KubeletOptions Of(SandboxWorld world)
    {
        var standard = new KubeletOptions();
        return standard with
        {
            WarmUp = world.Startup.Ready ?? standard.WarmUp,
            StopTime = world.Startup.Stop ?? standard.StopTime,
            PullTime = world.Startup.Pull ?? standard.PullTime,
        };
    }
}
