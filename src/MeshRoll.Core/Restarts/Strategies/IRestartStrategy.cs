namespace MeshRoll.Core.Restarts.Strategies;

/// <summary>One way to replace a workload's pods.</summary>
internal interface IRestartStrategy
{
    /// <summary>Its name, as users choose it and objects show it.</summary>
    RestartStrategy Name { get; }

    /// <summary>Why this workload cannot be restarted this way, with the way out; null when it can. Nothing is asked of the cluster.</summary>
    RestartRefusal? Unfit(RestartFacts facts, RestartOptions options);

    /// <summary>What will be done, in words, and how long it takes. Only for what is fit.</summary>
    RestartProposal Propose(RestartFacts facts, RestartTarget target, RestartOptions options);

    /// <summary>
    /// Begins: when this returns, the cluster was changed, and the stage follows or carries out the rest.
    /// </summary>
    /// <exception cref="Kubernetes.MeshRollException">The server refused the first change: nothing was done.</exception>
    Task BeginAsync(RestartTurn turn, IRestartStage stage, CancellationToken cancellationToken);
}

/// <summary>A reason not to restart a workload.</summary>
/// <param name="Id">The error's stable id.</param>
/// <param name="Reason">Why, and the way out; to stand behind <c>cannot be restarted:</c>.</param>
internal sealed record RestartRefusal(string Id, string Reason);

/// <summary>A workload whose turn has come and that was approved.</summary>
/// <param name="Target">Which, and the sidecar wanted.</param>
/// <param name="Facts">What is known of it.</param>
/// <param name="Proposal">What was approved.</param>
internal sealed record RestartTurn(RestartTarget Target, RestartFacts Facts, RestartProposal Proposal)
{
    /// <summary>How: never Auto.</summary>
    public required RestartStrategy Strategy { get; init; }

    /// <summary>Why it is restarted this way, when it was not the caller who chose; else empty.</summary>
    public string Because { get; init; } = "";
}
