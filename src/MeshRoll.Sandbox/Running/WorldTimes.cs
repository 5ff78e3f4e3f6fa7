using MeshRoll.Sandbox.Nodes;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Running;

/// <summary>How long pods take, as a world says.</summary>
internal static class WorldTimes
{
    public static KubeletOptions Of(WorldStartup startup)
    {
        var own = new KubeletOptions();
        return own with
        {
            WarmUp = startup.Ready ?? own.WarmUp,
            StopTime = startup.Stop ?? own.StopTime,
            PullTime = startup.Pull ?? own.PullTime,
        };
    }
}
