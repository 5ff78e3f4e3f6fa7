using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Restarts;

/// <summary>What a restart reports. Each target gets exactly one of Started, Skipped and Refused; a started one may change, and ends once.</summary>
public abstract record RestartEvent
{
    private RestartEvent() { }

    /// <summary>A workload's restart was issued.</summary>
    public sealed record Started(MeshRollout Rollout) : RestartEvent;

    /// <summary>Nothing was done to a workload and nothing is wrong: up to date, declined, or not reached. State is Skipped, the message says why.</summary>
    public sealed record Skipped(MeshRollout Rollout) : RestartEvent;

    /// <summary>A workload cannot be restarted, or the server refused: an error record, the rest goes on.</summary>
    public sealed record Refused(WorkloadReference Workload, MeshRollException Error) : RestartEvent;

    /// <summary>A started workload moved. A slow reader gets the newest only.</summary>
    public sealed record Changed(MeshRollout Rollout) : RestartEvent;

    /// <summary>A started workload ended.</summary>
    public sealed record Ended(MeshRollout Rollout) : RestartEvent;

    /// <summary>Too many failures, or a cluster that stayed unwell: nothing further is started.</summary>
    /// <param name="Because">The workloads that did not come back.</param>
    /// <param name="NotStarted">Those left alone; each is also reported as Skipped.</param>
    public sealed record Stopped(IReadOnlyList<MeshRollout> Because, IReadOnlyList<WorkloadReference> NotStarted) : RestartEvent
    {
        /// <summary>Why the walk stopped, where it was not for the workloads that did not come back: the cluster's health. Empty otherwise.</summary>
        public string Reason { get; init; } = "";
    }

    /// <summary>Something worth saying that concerns no single workload.</summary>
    public sealed record Remark(string Text) : RestartEvent;
}
