using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>What a run gives its strategies.</summary>
internal interface IRestartStage
{
    /// <summary>How workloads are restarted.</summary>
    RestartOptions Options { get; }

    /// <summary>The run's id.</summary>
    string Run { get; }

    /// <summary>The runs of this process, of which this is one.</summary>
    RunsOfThisMachine Runs { get; }

    /// <summary>Now, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Writes to the cluster.</summary>
    WorkloadWrites Writes { get; }

    /// <summary>The rollout of a turn as it begins; <paramref name="workload"/> is the workload after the first change.</summary>
    MeshRollout Describe(RestartTurn turn, IKubernetesObject workload, DateTimeOffset startTime);

    /// <summary>From here on the controllers do the work: follows them.</summary>
    void Follow(MeshRollout rollout, TimeSpan timeout);

    /// <summary>A driver for a replacement that this run carries out by itself.</summary>
    ReplacementDriver Prepare(ReplacementMachine machine, RestartTurn turn);

    /// <summary>From here on the driver does the work, beside the walk.</summary>
    void Drive(MeshRollout rollout, ReplacementDriver driver);
}
