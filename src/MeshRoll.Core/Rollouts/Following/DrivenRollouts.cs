using System.Collections.Concurrent;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// Rollouts that a run of this process carries out by itself, as they stand: whoever follows one of them need not guess from the pods. The last state of
/// each stays, so that a follower that comes late knows how it ended: of the ended ones the newest few thousand. Thread-safe.
/// </summary>
internal sealed class DrivenRollouts
{
    /// <summary>More than anybody waits for at a time. What is older is judged by what the cluster shows of it.</summary>
    private const int EndedKept = 4096;

    private readonly ConcurrentDictionary<(string Run, WorkloadReference Workload), MeshRollout> _rollouts = [];
    private readonly ConcurrentQueue<(string Run, WorkloadReference Workload)> _ended = [];

    /// <summary>Told of each new state, by its workload.</summary>
    public event Action<WorkloadReference>? Changed;

    /// <summary>A new state.</summary>
    public void Put(MeshRollout rollout)
    {
        var workload = new WorkloadReference(rollout.Namespace, rollout.Kind, rollout.Name);
        _rollouts[(rollout.RunId, workload)] = rollout;
        if (rollout.Ended) _ended.Enqueue((rollout.RunId, workload));
        while (_ended.Count > EndedKept && _ended.TryDequeue(out var oldest)) _rollouts.TryRemove(oldest, out _);
        Changed?.Invoke(workload);
    }

    /// <summary>How it stands; null when no run of this process knows it.</summary>
    public MeshRollout? Find(string run, WorkloadReference workload) => run.Length > 0 && _rollouts.TryGetValue((run, workload), out var rollout) ? rollout : null;
}
