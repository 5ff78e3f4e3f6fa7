using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>What a judgement of one rollout hands to the next, and what was asked of the cluster for it. Immutable.</summary>
internal sealed record FollowMemory
{
    /// <summary>When following began, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it has to be done, UTC; null for no limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Since when signals have been seen.</summary>
    public FirstSightings Seen { get; init; } = FirstSightings.None;

    /// <summary>Since when there are fewer pods than wanted; null while there are not.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>Since when the workload says that it is done, while its pods are still to be looked at.</summary>
    public DateTimeOffset? DoneSince { get; init; }

    /// <summary>Since when it is known to have failed, while the reason is still to be found.</summary>
    public DateTimeOffset? FailedSince { get; init; }

    /// <summary>What was asked for and answered, or refused, at least once.</summary>
    public Inquiry Answered { get; init; }

    /// <summary>How fast it has been so far; null before the first look.</summary>
    public RolloutPace? Pace { get; init; }

    /// <summary>Pods wanted when its workload was seen first; null before.</summary>
    public int? DesiredAtFirst { get; init; }

    /// <summary>Warnings about the workload and what it owns, as far as they were asked for.</summary>
    public IReadOnlyList<Event> Events { get; init; } = [];

    /// <summary>The istiods in the cluster, as far as they were asked for.</summary>
    public IReadOnlyList<IstiodHealth> Istiods { get; init; } = [];

    /// <summary>Template hashes and whether they are the Deployment's newest, as its ReplicaSets say; for the generation they were asked at.</summary>
    public (long Generation, string Hash, bool IsNewest)? Newest { get; init; }

    /// <summary>What the mesh injects, once it was asked for.</summary>
    public MeshKnowledge? Knowledge { get; init; }
}

/// <summary>What a judgement would like to know before it goes on. Asked for only when something is wrong.</summary>
[Flags]
internal enum Inquiry
{
    None = 0,

    /// <summary>Warnings of the namespace: pods that could not be created, volumes, probes.</summary>
    Events = 1,

    /// <summary>Whether the hash of the doomed pods is the Deployment's newest.</summary>
    NewestTemplate = 2,

    /// <summary>What the mesh injects, to tell why a sidecar is not the wanted one.</summary>
    Mesh = 4,

    /// <summary>Whether the istiods in the cluster are ready.</summary>
    ControlPlane = 8,
}

/// <summary>The answer of <see cref="RolloutJudgement"/>.</summary>
/// <param name="Rollout">As it stands now.</param>
/// <param name="Memory">For the next judgement.</param>
/// <param name="LookAgain">When to judge again though nothing changed; null when never.</param>
/// <param name="Ask">What to find out.</param>
/// <param name="DoomedHash">What <see cref="Inquiry.NewestTemplate"/> is about.</param>
internal sealed record Judgement(MeshRollout Rollout, FollowMemory Memory, DateTimeOffset? LookAgain = null, Inquiry Ask = Inquiry.None, string DoomedHash = "");
