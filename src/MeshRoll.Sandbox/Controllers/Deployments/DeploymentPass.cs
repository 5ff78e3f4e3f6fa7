using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>One look at one Deployment, or at another workload that works by ReplicaSets: those as they are by now, and what can be done to them (sync.go).</summary>
internal sealed class DeploymentPass
{
    private readonly Cluster _cluster;
    private readonly EventRecorder _events;
    private readonly StoredObject _target;
    private readonly RolloutDialect _dialect;
    private readonly Func<DeploymentPass, DeploymentStatus, JsonObject?> _describe;
    private readonly List<StoredObject> _old;
    private IReadOnlyList<Condition> _conditions;
    private string? _revision;

    /// <param name="cluster">The cluster.</param>
    /// <param name="events">Where it is told what was scaled.</param>
    /// <param name="target">The workload.</param>
    /// <param name="wish">What is wished.</param>
    /// <param name="sets">Its ReplicaSets.</param>
    /// <param name="dialect">In which words.</param>
    /// <param name="describe">Writes the status in the workload's own form; null when it says nothing new.</param>
    public DeploymentPass(
        Cluster cluster, EventRecorder events, StoredObject target, DeploymentView wish, IEnumerable<StoredObject> sets, RolloutDialect dialect, Func<DeploymentPass, DeploymentStatus, JsonObject?> describe)
    {
        (_cluster, _events, _target, _dialect, _describe) = (cluster, events, target, dialect, describe);
        Wish = wish;
        _conditions = Wish.Status.Conditions;
        _old = [.. sets];
        _old.Sort(ByAge);
        New = _old.FirstOrDefault(set => set.Labels.GetValueOrDefault(dialect.HashLabel) == Wish.TemplateHash);
        if (New is not null) _old.Remove(New);
    }

    /// <summary>What is wished.</summary>
    public DeploymentView Wish { get; }

    /// <summary>The annotations in which it keeps its books.</summary>
    public RevisionBook Book => _dialect.Book;

    /// <summary>The ReplicaSet of the present template, if there is one.</summary>
    public StoredObject? New { get; private set; }

    /// <summary>The other ReplicaSets, oldest first.</summary>
    public IReadOnlyList<StoredObject> Old => _old;

    /// <summary>All ReplicaSets, the new one last.</summary>
    public IEnumerable<StoredObject> All => New is null ? _old : _old.Append(New);

    /// <summary>The pods that the other ReplicaSets have or are to have.</summary>
    public int HeldByOld
    {
        get
        {
            var held = 0;
            foreach (var set in _old) held += View(set).Held;
            return held;
        }
    }

    /// <summary>Whether the wished number of pods changed since the ReplicaSets got their sizes.</summary>
    public bool WasScaled => All.Any(set => View(set) is { Replicas: > 0 } view && view.Number(_dialect.Book.DesiredReplicas) is { } desired && desired != Wish.Replicas);

    /// <summary>Whether the rollout was complete when it was last looked at.</summary>
    public bool WasComplete => Wish.Status.ObservedGeneration >= _target.Generation && DeploymentStatusRules.IsComplete(Wish, Wish.Status);

    /// <summary>Notes a pause or its end.</summary>
    public void NotePause() => _conditions = DeploymentStatusRules.NotePause(Wish, _cluster.Now);

    /// <summary>Hands the Deployment's annotations and settings on to the new ReplicaSet, and gives it the highest revision.</summary>
    public void SyncNew()
    {
        if (New is not { } set) return;
        var revision = NextRevision();
        if (_dialect.Book.NeedUpdate(View(set), Wish.Annotations, revision) || View(set).MinReady.TotalSeconds != Wish.MinReadySeconds)
        {
            New = _cluster.Write(set, json =>
            {
                _dialect.Book.Update(json, Wish.Annotations, revision);
                if (View(set).MinReady.TotalSeconds == Wish.MinReadySeconds) return;
                json.Object("spec")["minReadySeconds"] = Wish.MinReadySeconds;
                json.Object("metadata")["generation"] = set.Generation + 1;
            });
        }
        _revision = View(New).Annotations.GetValueOrDefault(_dialect.Book.Revision);
        if (Wish.ProgressDeadline is not null && _conditions.Of("Progressing") is null)
            Note("True", "FoundNewReplicaSet", $"Found new replica set \"{set.Name}\"");
    }

    /// <summary>Makes the ReplicaSet of the present template, as large as it may be.</summary>
    public void CreateNew()
    {
        var replicas = Wish.IsRecreate ? Wish.Replicas : RollingArithmetic.NewReplicas(Wish.Replicas, Wish.Limits.Surge, HeldByOld, 0);
        var name = $"{_target.Name}-{Wish.TemplateHash}";
        try
        {
            New = _cluster.Create(ApiResources.ReplicaSets, _target.Namespace, NewReplicaSet(name, replicas), _dialect.ReplicaSets);
        }
        catch (ApiStatusException refused)
        {
            Note("False", "ReplicaSetCreateError", refused.Message);
            WriteStatus(DeploymentStatusRules.Count(Wish, _target.Generation, _conditions, All, New, _cluster.Now));
            throw;
        }
        if (replicas > 0) _events.Normal(_target, _dialect.Component, "ScalingReplicaSet", _dialect.Scaling(name, NextRevision(), null, replicas));
        _revision = View(New).Annotations.GetValueOrDefault(_dialect.Book.Revision);
        if (Wish.ProgressDeadline is not null) Note("True", "NewReplicaSetCreated", $"Created new replica set \"{name}\"");
    }

    /// <summary>Gives a ReplicaSet another size.</summary>
    /// <returns>Whether that was another one.</returns>
    public bool Scale(StoredObject set, int replicas)
    {
        var view = View(set);
        var most = Wish.Replicas + Wish.Limits.Surge;
        var isOther = view.Replicas != replicas;
        if (!isOther && view.Number(_dialect.Book.DesiredReplicas) == Wish.Replicas && view.Number(_dialect.Book.MaxReplicas) == most) return false;

        var scaled = _cluster.Write(set, json =>
        {
            _dialect.Book.SetReplicas(json, Wish.Replicas, most);
            if (!isOther) return;
            json.Object("spec")["replicas"] = replicas;
            json.Object("metadata")["generation"] = set.Generation + 1;
        });
        if (set == New) New = scaled;
        else _old[_old.IndexOf(set)] = scaled;
        if (isOther) _events.Normal(_target, _dialect.Component, "ScalingReplicaSet", _dialect.Scaling(set.Name, _dialect.Book.RevisionOf(view), view.Replicas, replicas));
        return isOther;
    }

    /// <summary>Deletes the oldest ReplicaSets without pods, beyond those that are kept to go back to.</summary>
    public void CleanUp()
    {
        var kept = _old.Where(set => !set.IsDeleting).ToList();
        var surplus = kept.Count - Wish.RevisionHistoryLimit;
        if (surplus <= 0 || Wish.RevisionHistoryLimit == int.MaxValue) return;
        foreach (var set in kept.OrderBy(set => _dialect.Book.RevisionOf(View(set))).Take(surplus))
        {
            if (View(set).Replicas != 0 || View(set).Status.Replicas != 0 || set.Generation > View(set).Status.ObservedGeneration) continue;
            _cluster.Delete(set);
            _old.Remove(set);
        }
    }

    /// <summary>The status without a judgement on progress: where there is no rollout.</summary>
    public void SyncStatus() => WriteStatus(DeploymentStatusRules.Count(Wish, _target.Generation, _conditions, All, New, _cluster.Now));

    /// <summary>The status amid a rollout, or after one.</summary>
    /// <returns>What was written.</returns>
    public DeploymentStatus SyncRolloutStatus()
    {
        var status = DeploymentStatusRules.Count(Wish, _target.Generation, _conditions, All, New, _cluster.Now);
        status = DeploymentStatusRules.JudgeProgress(Wish, Wish.Status with { Conditions = _conditions }, status, _target.Name, New?.Name, _cluster.Now);
        status = DeploymentStatusRules.TakeFailures(status, All, New);
        WriteStatus(status);
        return status;
    }

    private static ReplicaSetView View(StoredObject set) => set.As<ReplicaSetView>();

    private static int ByAge(StoredObject one, StoredObject other)
    {
        var age = View(one).Created.CompareTo(View(other).Created);
        return age != 0 ? age : string.CompareOrdinal(one.Name, other.Name);
    }

    private long NextRevision()
    {
        var highest = 0L;
        foreach (var set in _old) highest = Math.Max(highest, _dialect.Book.RevisionOf(View(set)));
        return highest + 1;
    }

    private void Note(string status, string reason, string message) =>
        _conditions = _conditions.With(DeploymentStatusRules.New("Progressing", status, reason, message, _cluster.Now));

    private JsonObject NewReplicaSet(string name, int replicas)
    {
        var wish = _target.WishToJson().Object("spec");
        var (template, selector) = (wish.Object("template"), wish.Object("selector"));
        // They are to stand in another object.
        wish.Clear();
        var labels = template.Object("metadata", "labels");
        labels[_dialect.HashLabel] = Wish.TemplateHash;
        selector.Object("matchLabels")[_dialect.HashLabel] = Wish.TemplateHash;

        var spec = new JsonObject { ["replicas"] = replicas };
        spec.SetUnlessZero("minReadySeconds", Wish.MinReadySeconds);
        spec["selector"] = selector;
        spec["template"] = template;
        var set = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = labels.DeepClone(),
                ["ownerReferences"] = new JsonArray { OwnerReference.To(_target) },
            },
            ["spec"] = spec,
        };
        _dialect.Book.Update(set, Wish.Annotations, NextRevision());
        _dialect.Book.SetReplicas(set, Wish.Replicas, Wish.Replicas + Wish.Limits.Surge);
        return set;
    }

    private void WriteStatus(DeploymentStatus status)
    {
        var isNewRevision = _revision is not null && Wish.Annotations.GetValueOrDefault(_dialect.Book.Revision) != _revision;
        var news = _describe(this, status);
        if (!isNewRevision)
        {
            if (news is not null) _cluster.SetStatus(_target, news);
            return;
        }
        _cluster.WriteMetadata(_target, metadata => metadata.Object("annotations")[_dialect.Book.Revision] = _revision, news);
    }
}
