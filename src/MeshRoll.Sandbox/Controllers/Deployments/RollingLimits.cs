namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>How far a rolling update may go, in pods.</summary>
/// <param name="Surge">Pods more than wished.</param>
/// <param name="Unavailable">Wished pods that may be missing.</param>
internal readonly record struct RollingLimits(int Surge, int Unavailable)
{
    /// <summary>
    /// Resolves both settings (deployment_util.go, ResolveFenceposts): a surge is rounded up, unavailability down; when both come to nothing, one pod
    /// may be missing, for otherwise nothing could move.
    /// </summary>
    public static RollingLimits Of(IntOrPercent maxSurge, IntOrPercent maxUnavailable, int replicas)
    {
        var (surge, unavailable) = (maxSurge.Of(replicas, roundUp: true), maxUnavailable.Of(replicas, roundUp: false));
        if (surge == 0 && unavailable == 0) unavailable = 1;
        return new(surge, replicas == 0 ? 0 : Math.Min(unavailable, replicas));
    }
}
