using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>Everything a diagnosis looks at, at one moment. No clock, no request: the same observation gives the same diagnosis.</summary>
public sealed record Observation
{
    /// <summary>The workload.</summary>
    public required IKubernetesObject Workload { get; init; }

    /// <summary>Its own pods, of any template.</summary>
    public IReadOnlyCollection<Pod> Pods { get; init; } = [];

    /// <summary>Which of them are new. The default takes it from the workload and the pods.</summary>
    public NewTemplate? Template { get; init; }

    /// <summary>Warnings about this workload, its ReplicaSets and its pods, where somebody asked for them.</summary>
    public IReadOnlyCollection<Event> Events { get; init; } = [];

    /// <summary>Whether there are fewer pods than wanted, so that events about refused ones count.</summary>
    public bool PodsAreMissing { get; init; } = true;

    /// <summary>The istiods in the cluster, where somebody asked for them.</summary>
    public IReadOnlyList<IstiodHealth> Istiods { get; init; } = [];

    /// <summary>The cluster's name, for the findings.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>When the rollout began, UTC; older events are of an earlier one. Null when unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The moment, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether this is the only look: then there is no memory, and the cluster's own times have to do.</summary>
    public bool IsSingle { get; init; }

    /// <summary>What the diagnosis before this one remembered.</summary>
    public FirstSightings Seen { get; init; } = FirstSightings.None;
}

/// <summary>What is wrong with a rollout, as far as can be seen.</summary>
public sealed record RolloutDiagnosis
{
    /// <summary>The findings, most telling first.</summary>
    public IReadOnlyList<MeshFinding> Findings { get; init; } = [];

    /// <summary>The finding that dooms the rollout; null while it may still succeed.</summary>
    public MeshFinding? Doom { get; init; }

    /// <summary>The hash of the new pods that <see cref="Doom"/> is built on; empty where it does not rest on pods.</summary>
    public string DoomedHash { get; init; } = "";

    /// <summary>When the same observation would be judged differently for the time passed; null when never.</summary>
    public DateTimeOffset? LookAgain { get; init; }

    /// <summary>What to find out, so that more can be told. Nothing, as long as nothing is wrong.</summary>
    internal Following.Inquiry Ask { get; init; }

    /// <summary>To be handed to the next one.</summary>
    public FirstSightings Seen { get; init; } = FirstSightings.None;
}

/// <summary>
/// Since when a signal has been seen. Our own clock on purpose: the cluster's may differ, and a grace period must not depend on that.
/// A signal that went away is forgotten.
/// </summary>
public sealed class FirstSightings
{
    /// <summary>Nothing was seen before.</summary>
    public static FirstSightings None { get; } = new();

    private readonly Dictionary<(string Pod, string Container, string Id), DateTimeOffset> _times = [];

    /// <summary>Whether it was seen.</summary>
    internal bool Knows(string pod, string container, string id) => _times.ContainsKey((pod, container, id));

    /// <summary>When it was seen first: <paramref name="now"/>, unless <paramref name="before"/> knows better.</summary>
    internal DateTimeOffset Note(FirstSightings before, string pod, string container, string id, DateTimeOffset now)
    {
        var first = before._times.TryGetValue((pod, container, id), out var time) && time < now ? time : now;
        _times[(pod, container, id)] = first;
        return first;
    }
}
