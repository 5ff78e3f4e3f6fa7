using MeshRoll.Core.Restarts.Guards;
using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Preflight.Mending;

/// <summary>Whether a workload's pods may be made anew by a repair: its owner may have said no, and a restart may be at work on it.</summary>
internal static class RepairGuard
{
    /// <summary>Why not; null when they may.</summary>
    public static string? Refusal(RawObject found)
    {
        var wish = RestartAnnotation.Of(found.Metadata);
        if (wish.Wish == RestartWish.Never) return $"it would make new pods, and the annotation {RestartAnnotation.Key} forbids restarts{(wish.Reason.Length > 0 ? $" ({wish.Reason})" : "")}";
        return found.Metadata.Labels.ContainsKey(RestartMark.Key) ? $"a restart is at work on it, or was cut off (label {RestartMark.Key}): wait for its end, or Repair-MeshWorkload" : null;
    }
}
