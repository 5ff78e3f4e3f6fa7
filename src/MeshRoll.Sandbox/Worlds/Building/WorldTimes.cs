using MeshRoll.Sandbox.Nodes;

namespace MeshRoll.Sandbox.Worlds.Building;

/// <summary>How long the pods of a world take.</summary>
internal static class WorldTimes
{
    /// <summary>The nodes' ways, where the world says nothing else.</summary>
    public static KubeletOptions Of(WorldStartup startup)
    {
        var standard = new KubeletOptions();
        return standard with
        {
            WarmUp = startup.Ready ?? standard.WarmUp,
            StopTime = startup.Stop ?? standard.StopTime,
            PullTime = startup.Pull ?? standard.PullTime,
        };
    }
}
