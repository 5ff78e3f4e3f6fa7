using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Rollouts;

namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>A workload and its pods at one moment: all that decides the next step of a replacement.</summary>
internal sealed record ReplacementSight
{
    /// <summary>The workload's uid; null when it is gone.</summary>
    public required string? Uid { get; init; }

    /// <summary>The count its specification wants; a DaemonSet's, the nodes it is wanted on.</summary>
    public int Desired { get; init; }

    /// <summary>What it carries.</summary>
    public MarkReading Mark { get; init; }

    /// <summary>Its pods that have not ended.</summary>
    public IReadOnlyList<SeenPod> Pods { get; init; } = [];

    /// <summary>What is wrong with replacements for good: they cannot come up, or carry the wrong sidecar. Null while nothing is.</summary>
    public MeshFinding? Trouble { get; init; }

    /// <summary>What is wrong with replacements, fatal or not.</summary>
    public IReadOnlyList<MeshFinding> Findings { get; init; } = [];

    /// <summary>When the same facts would look different for the time passed (a pod becomes available, a grace period ends); null when never.</summary>
    public DateTimeOffset? LookAgain { get; init; }

    /// <summary>Pods that are to be replaced and were not yet.</summary>
    public IEnumerable<SeenPod> Old => Pods.Where(pod => pod is { IsOld: true, IsEnding: false });

    /// <summary>Pods that serve.</summary>
    public int Available => Pods.Count(pod => pod.IsAvailable);

    /// <summary>Pods on their way in or out: those that end, and those that are not to be replaced but do not serve yet.</summary>
    public int InTransit => Pods.Count(pod => pod.IsEnding || pod is { IsOld: false, IsAvailable: false });

    /// <summary>Pods that stay.</summary>
    public int Staying => Pods.Count(pod => !pod.IsEnding);
}
