using MeshRoll.Core.Restarts.Strategies;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;

namespace MeshRoll.Core.Restarts;

/// <summary>Whether a workload may be restarted now: the answer of <see cref="RestartRules"/>.</summary>
public abstract record RestartVerdict
{
    private RestartVerdict() { }

    /// <summary>It may; what will be done.</summary>
    /// <param name="Proposal">What, in words.</param>
    /// <param name="Strategy">How: never Auto.</param>
    /// <param name="Because">Why so, when it was not the caller who chose; else empty.</param>
    public sealed record Go(RestartProposal Proposal, RestartStrategy Strategy, string Because) : RestartVerdict;

    /// <summary>It need not, and nothing is wrong.</summary>
    /// <param name="Because">Why, in words.</param>
    public sealed record Skip(string Because) : RestartVerdict;

    /// <summary>It cannot; somebody has to do something else first.</summary>
    public sealed record Refuse(RestartRefusedException Error) : RestartVerdict;
}

/// <summary>A workload cannot be restarted as it is. The message names the way out.</summary>
public sealed class RestartRefusedException(string id, WorkloadReference workload, string message) : MeshRollException(id, message)
{
    /// <summary>Which.</summary>
    public WorkloadReference Workload { get; } = workload;
}
