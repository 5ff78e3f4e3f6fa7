using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Repair;

/// <summary>What to do about a mark that a run left on a workload.</summary>
internal static class RepairRules
{
    /// <summary>Decides; null when the workload carries no mark.</summary>
    /// <param name="workload">As the server has it now.</param>
    /// <param name="force">Whether a run that may still work is taken for dead, and a mark that cannot be read is taken away.</param>
    /// <param name="now">UTC.</param>
    /// <param name="runs">The runs of this machine.</param>
    public static RepairDecision? Decide(IKubernetesObject workload, bool force, DateTimeOffset now, IRunRegistry runs)
    {
        var (reading, replicas, name) = (MarkRules.Of(workload), WorkloadObject.Desired(workload), WorkloadObject.ReferenceOf(workload));
        if (reading.Nonsense is { } nonsense)
        {
            return force
                ? new(null, "Take the unreadable mark away; the count of pods stays as it is")
                : Refuse(name, "MeshRoll.MarkUnreadable", $"its mark {RestartMark.Key} cannot be read ({Wording.Line(nonsense, 60)}); see what its count of pods ({replicas}) should be, then -Force takes the mark away");
        }
        if (reading.Mark is not { } mark) return null;
        if (!force && MarkRules.IsAlive(mark, now, runs))
            return Refuse(name, "MeshRoll.WorkloadTaken", $"{mark} is still at work, last heard of {Wording.Duration(now - mark.Beat)} ago; wait for its end, or if it is known to be dead, use -Force");

        var restored = MarkRules.ReplicasToRestore(mark, replicas);
        return new(restored, restored is { } count
            ? $"Set its count of pods back from {replicas} to {count} and take the mark of {mark} away"
            : mark.Replicas is { } before && mark.Surge > 0
                ? $"Take the mark of {mark} away; the count of pods was raised from {before} to {mark.RaisedReplicas}, but is {replicas} by now and stays"
                : $"Take the mark of {mark} away");
    }

    private static RepairDecision Refuse(WorkloadReference workload, string id, string reason) => new(null, "") { Refusal = new(id, workload, $"{workload} is not repaired: {reason}.") };
}

/// <summary>What is to be done about a mark.</summary>
/// <param name="Replicas">The count to restore; null to leave it.</param>
/// <param name="Action">In words.</param>
internal sealed record RepairDecision(int? Replicas, string Action)
{
    /// <summary>Why nothing is done; null when something is.</summary>
    public RestartRefusedException? Refusal { get; init; }
}
