using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>
/// Something kubectl can do to a workload's rollout: undo it, suspend it, resume it, set images. What it does to a workload is decided by the
/// workload alone, as it is when its turn comes; <see cref="VerbEngine"/> reads and sends.
/// </summary>
public abstract record RolloutVerb
{
    private protected RolloutVerb() { }

    /// <summary>Whether it has to know the workload's revisions.</summary>
    internal virtual bool NeedsRevisions => false;

    /// <summary>Decides.</summary>
    /// <exception cref="VerbRefusedException">It cannot be done to this workload as it is.</exception>
    internal abstract VerbVerdict Decide(VerbFacts facts);

    /// <summary>Refuses what this verb cannot be done to at all, so that nothing is read for it. Null when it may be.</summary>
    internal abstract VerbRefusedException? RefuseKind(WorkloadReference workload);
}

/// <summary>What is known of a workload when its turn comes.</summary>
/// <param name="History">It, whole, with its revisions where the verb needs them.</param>
/// <param name="Model">It, as a model.</param>
internal sealed record VerbFacts(WorkloadHistory History, IKubernetesObject Model)
{
    /// <summary>Which.</summary>
    public WorkloadReference Workload => History.Workload;
}

/// <summary>What a verb does to a workload.</summary>
internal abstract record VerbVerdict
{
    private VerbVerdict() { }

    /// <summary>A change.</summary>
    /// <param name="Patch">What is sent. Sending it twice gives the same.</param>
    /// <param name="Action">What is about to be done, in words: the text of the ShouldProcess question.</param>
    /// <param name="Message">What was done, in words.</param>
    public sealed record Change(Patch Patch, string Action, string Message) : VerbVerdict;

    /// <summary>Nothing, and nothing is wrong.</summary>
    /// <param name="Because">Why, in words.</param>
    public sealed record Skip(string Because) : VerbVerdict;
}

/// <summary>A verb cannot be done to a workload as it is. The message names the way out.</summary>
public sealed class VerbRefusedException(string id, WorkloadReference workload, string message) : MeshRollException(id, message)
{
    /// <summary>A kind of workload that does not know the verb.</summary>
    public const string NotSupported = "MeshRoll.VerbNotSupported";

    /// <summary>Which.</summary>
    public WorkloadReference Workload { get; } = workload;
}
