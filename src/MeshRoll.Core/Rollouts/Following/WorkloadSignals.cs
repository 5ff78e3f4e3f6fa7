using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>Wakes whoever waits for a workload, or one of its pods, to change.</summary>
internal sealed class WorkloadSignals : IClusterViewObserver
{
    private readonly object _gate = new();
    private readonly Dictionary<WorkloadReference, TaskCompletionSource> _waiting = [];

    /// <summary>Completes with the next change. Ask before looking at the workload, so that no change is missed.</summary>
    public Task Next(WorkloadReference workload)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(workload, out var signal)) _waiting[workload] = signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return signal.Task;
        }
    }

    void IClusterViewObserver.OnWorkloadChanged(WorkloadReference workload)
    {
        lock (_gate)
        {
            if (_waiting.Remove(workload, out var signal)) signal.TrySetResult();
        }
    }

    void IClusterViewObserver.OnScopeChanged(string? @namespace)
    {
        lock (_gate)
        {
            foreach (var workload in _waiting.Keys.Where(workload => @namespace is null || workload.Namespace == @namespace).ToList())
            {
                if (_waiting.Remove(workload, out var signal)) signal.TrySetResult();
            }
        }
    }

    void IClusterViewObserver.OnRemark(string text)
    {
    }
}
