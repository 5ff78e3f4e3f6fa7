using MeshRoll.Core.Restarts.Marks;
using MeshRoll.Core.Restarts.Replacing;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Tests.Rollouts;

namespace MeshRoll.Core.Tests.Restarts.Replacing;

/// <summary>
/// A workload, its pods and its controller in virtual time, with everything that may go wrong drawn from a seed: slow and broken pods, pods that lose their
/// readiness, disruption budgets, an autoscaler, somebody who scales, who takes the mark away, who deletes the workload. Knows nothing of machines.
/// </summary>
internal sealed class ReplacementWorld
{
    private readonly Random _random;
    private readonly List<ModelPod> _pods = [];
    private int _names;
    private DateTimeOffset _blockedUntil;

    public ReplacementWorld(int seed, bool isKind)
    {
        _random = new(seed);
        Replicas = OriginalReplicas = _random.Next(1, 7);
        Disruptions = isKind ? ModelDisruptions.None : ModelDisruptions.Draw(_random);
        for (var i = 0; i < Replicas; i++) _pods.Add(new(NextName(), Now - TimeSpan.FromDays(1), IsOld: true) { ReadyAt = Now });
        if (Disruptions.BrokenOldPod) _pods[0].ReadyAt = DateTimeOffset.MaxValue;
    }

    public DateTimeOffset Now { get; private set; } = Some.Start;

    public ModelDisruptions Disruptions { get; }

    public int OriginalReplicas { get; }

    public int Replicas { get; private set; }

    /// <summary>Whether somebody else set the count: then it is nobody's to restore.</summary>
    public bool WasScaled { get; private set; }

    public bool IsDeleted { get; private set; }

    public MarkReading Mark { get; set; }

    public long Version { get; private set; }

    public IReadOnlyList<ModelPod> Pods => _pods;

    public int Available => _pods.Count(IsAvailable);

    public int OldLeft => _pods.Count(pod => pod is { IsOld: true, IsEnding: false });

    public bool IsAvailable(ModelPod pod) => !pod.IsEnding && pod.ReadyAt <= Now && !(pod.UnreadyUntil > Now);

    /// <summary>Time passes; controllers and others act.</summary>
    public void Advance()
    {
        Now += TimeSpan.FromSeconds(_random.Next(1, 4));
        _pods.RemoveAll(pod => pod.EndsAt <= Now);
        if (IsDeleted) return;

        if (Disruptions.Flapping && _random.Next(60) == 0 && _pods.Count > 0) _pods[_random.Next(_pods.Count)].UnreadyUntil = Now + TimeSpan.FromSeconds(_random.Next(5, 30));
        if (Disruptions.Autoscaler && _random.Next(80) == 0) Scale(_random.Next(1, 8));
        if (Disruptions.Scaling && _random.Next(200) == 0) Scale(_random.Next(0, 8));
        if (Disruptions.MarkThief && _random.Next(150) == 0) (Mark, Version) = (default, Version + 1);
        if (Disruptions.Deletion && _random.Next(300) == 0)
        {
            (IsDeleted, Version) = (true, Version + 1);
            foreach (var pod in _pods) pod.EndsAt ??= Now + TimeSpan.FromSeconds(5);
            return;
        }
        if (Disruptions.Quota && _random.Next(40) == 0) _blockedUntil = Now + TimeSpan.FromSeconds(_random.Next(10, 120));
        // Status writes of the controller raise the version all the time.
        if (_random.Next(3) == 0) Version++;
        Control();
    }

    /// <summary>A write with a precondition; false for a conflict.</summary>
    public bool Write(long version, MarkReading mark, int? replicas)
    {
        if (IsDeleted || version != Version) return false;
        (Mark, Replicas, Version) = (mark, replicas ?? Replicas, Version + 1);
        return true;
    }

    /// <summary>An eviction; false when a budget forbids it. What is gone is no error.</summary>
    public bool Evict(string uid)
    {
        if (_pods.Find(pod => pod.Uid == uid && !pod.IsEnding) is not { } found) return true;
        if (Disruptions.MinAvailable is { } floor && IsAvailable(found) && Available - 1 < floor) return false;
        if (Disruptions.MovingBudget && _random.Next(3) == 0) return false;
        found.EndsAt = Now + TimeSpan.FromSeconds(_random.Next(1, 20));
        return true;
    }

    /// <summary>What a run sees.</summary>
    public ReplacementSight Look() => new()
    {
        Uid = IsDeleted ? null : "uid",
        Desired = Replicas,
        Mark = Mark,
        Trouble = _pods.Exists(pod => pod is { IsBroken: true, IsEnding: false } && Now - pod.Created > TimeSpan.FromSeconds(20)) ? new MeshFinding { Id = "ImagePull", Message = "the image does not exist", Verdict = FindingVerdict.Fatal } : null,
        Pods = [.. _pods.Select(pod => new SeenPod(pod.Uid, pod.Uid) { Created = pod.Created, IsAvailable = IsAvailable(pod), IsEnding = pod.IsEnding, IsOld = pod.IsOld })],
    };

    private void Scale(int replicas)
    {
        if (replicas == Replicas) return;
        (Replicas, WasScaled, Version) = (replicas, true, Version + 1);
    }

    // As the ReplicaSet controller does: missing pods are made; of too many, those go first that do not serve, then the youngest.
    private void Control()
    {
        var staying = _pods.Where(pod => !pod.IsEnding).ToList();
        if (Now >= _blockedUntil)
        {
            for (var i = staying.Count; i < Replicas; i++) _pods.Add(NewPod());
        }
        foreach (var pod in staying.OrderBy(IsAvailable).ThenByDescending(pod => pod.Created).Take(Math.Max(0, staying.Count - Replicas))) pod.EndsAt = Now + TimeSpan.FromSeconds(_random.Next(1, 20));
    }

    private ModelPod NewPod()
    {
        var isBroken = Disruptions.BrokenPods && _random.Next(4) == 0;
        var isSilent = Disruptions.SilentPods && _random.Next(6) == 0;
        return new(NextName(), Now, IsOld: false) { IsBroken = isBroken, ReadyAt = isBroken || isSilent ? DateTimeOffset.MaxValue : Now + TimeSpan.FromSeconds(_random.Next(2, 40)) };
    }

    private string NextName() => $"pod-{++_names}";
}

/// <summary>A pod of the model.</summary>
internal sealed record ModelPod(string Uid, DateTimeOffset Created, bool IsOld)
{
    public DateTimeOffset ReadyAt { get; set; }

    public DateTimeOffset? UnreadyUntil { get; set; }

    public DateTimeOffset? EndsAt { get; set; }

    public bool IsBroken { get; init; }

    public bool IsEnding => EndsAt is not null;
}

/// <summary>What goes wrong in one world.</summary>
internal sealed record ModelDisruptions
{
    public static ModelDisruptions None { get; } = new();

    public bool BrokenPods { get; init; }

    public bool SilentPods { get; init; }

    public bool BrokenOldPod { get; init; }

    public bool Flapping { get; init; }

    public bool Autoscaler { get; init; }

    public bool Scaling { get; init; }

    public bool MarkThief { get; init; }

    public bool Deletion { get; init; }

    public bool Quota { get; init; }

    public bool MovingBudget { get; init; }

    public int? MinAvailable { get; init; }

    public static ModelDisruptions Draw(Random random) => new()
    {
        BrokenPods = random.Next(5) == 0,
        SilentPods = random.Next(8) == 0,
        BrokenOldPod = random.Next(8) == 0,
        Flapping = random.Next(4) == 0,
        Autoscaler = random.Next(8) == 0,
        Scaling = random.Next(8) == 0,
        MarkThief = random.Next(12) == 0,
        Deletion = random.Next(12) == 0,
        Quota = random.Next(6) == 0,
        MovingBudget = random.Next(5) == 0,
        MinAvailable = random.Next(5) == 0 ? random.Next(1, 4) : null,
    };
}
