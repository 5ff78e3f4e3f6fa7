using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.Deployments;

/// <summary>One look at one Deployment: its ReplicaSets as they are by now, and what can be done to them (sync.go).</summary>
internal sealed class DeploymentPass
{
    private const string Component = "deployment-controller";
    private const string HashLabel = "pod-template-hash";

    private readonly Cluster _cluster;
    private readonly EventRecorder _events;
    private readonly StoredObject _target;
    private readonly List<StoredObject> _old;
    private IReadOnlyList<Condition> _conditions;
    private string? _revision;

    public DeploymentPass(Cluster cluster, EventRecorder events, StoredObject target, IEnumerable<StoredObject> sets)
    {
        (_cluster, _events, _target) = (cluster, events, target);
        Wish = target.As<DeploymentView>();
        _conditions = Wish.Status.Conditions;
        _old = [.. sets.OrderBy(set => set.As<ReplicaSetView>().Created).ThenBy(set => set.Name, StringComparer.Ordinal)];
        New = _old.FirstOrDefault(set => set.Labels.GetValueOrDefault(HashLabel) == Wish.TemplateHash);
        if (New is not null) _old.Remove(New);
    }

    /// <summary>What is wished.</summary>
    public DeploymentView Wish { get; }

    /// <summary>The ReplicaSet of the present template, if there is one.</summary>
    public StoredObject? New { get; private set; }

    /// <summary>The other ReplicaSets, oldest first.</summary>
    public IReadOnlyList<StoredObject> Old => _old;

    /// <summary>All ReplicaSets, the new one last.</summary>
    public IEnumerable<StoredObject> All => New is null ? _old : _old.Append(New);

    /// <summary>Whether the wished number of pods changed since the ReplicaSets got their sizes.</summary>
    public bool WasScaled => All.Any(set => View(set) is { Replicas: > 0 } view && view.Number(RevisionAnnotations.DesiredReplicas) is { } desired && desired != Wish.Replicas);

    /// <summary>Whether the rollout was complete when it was last looked at.</summary>
    public bool WasComplete => Wish.Status.ObservedGeneration >= _target.Generation && DeploymentStatusRules.IsComplete(Wish, Wish.Status);

    /// <summary>Notes a pause or its end.</summary>
    public void NotePause() => _conditions = DeploymentStatusRules.NotePause(Wish, _cluster.Now);

    /// <summary>Hands the Deployment's annotations and settings on to the new ReplicaSet, and gives it the highest revision.</summary>
    public void SyncNew()
    {
        if (New is not { } set) return;
        var revision = NextRevision();
        if (RevisionAnnotations.NeedUpdate(View(set), Wish.Annotations, revision) || View(set).MinReady.TotalSeconds != Wish.MinReadySeconds)
        {
            New = _cluster.Write(set, json =>
            {
                RevisionAnnotations.Update(json, Wish.Annotations, revision);
                if (View(set).MinReady.TotalSeconds == Wish.MinReadySeconds) return;
                json.Object("spec")["minReadySeconds"] = Wish.MinReadySeconds;
                json.Object("metadata")["generation"] = set.Generation + 1;
            });
        }
        _revision = View(New).Annotations.GetValueOrDefault(RevisionAnnotations.Revision);
        if (Wish.ProgressDeadline is not null && _conditions.Of("Progressing") is null)
            Note("True", "FoundNewReplicaSet", $"Found new replica set \"{set.Name}\"");
    }

    /// <summary>Makes the ReplicaSet of the present template, as large as it may be.</summary>
    public void CreateNew()
    {
        var replicas = Wish.IsRecreate ? Wish.Replicas : RollingArithmetic.NewReplicas(Wish.Replicas, Wish.Limits.Surge, _old.Sum(set => View(set).Held), 0);
        var name = $"{_target.Name}-{Wish.TemplateHash}";
        try
        {
            New = _cluster.Create(ApiResources.ReplicaSets, _target.Namespace, NewReplicaSet(name, replicas));
        }
        catch (ApiStatusException refused)
        {
            Note("False", "ReplicaSetCreateError", refused.Message);
            WriteStatus(DeploymentStatusRules.Count(Wish, _target.Generation, _conditions, All, New, _cluster.Now));
            throw;
        }
        if (replicas > 0) _events.Normal(_target, Component, "ScalingReplicaSet", $"Scaled up replica set {name} to {replicas}");
        _revision = View(New).Annotations.GetValueOrDefault(RevisionAnnotations.Revision);
        if (Wish.ProgressDeadline is not null) Note("True", "NewReplicaSetCreated", $"Created new replica set \"{name}\"");
    }

    /// <summary>Gives a ReplicaSet another size.</summary>
    /// <returns>Whether that was another one.</returns>
    public bool Scale(StoredObject set, int replicas)
    {
        var view = View(set);
        var most = Wish.Replicas + Wish.Limits.Surge;
        var isOther = view.Replicas != replicas;
        if (!isOther && view.Number(RevisionAnnotations.DesiredReplicas) == Wish.Replicas && view.Number(RevisionAnnotations.MaxReplicas) == most) return false;

        var scaled = _cluster.Write(set, json =>
        {
            RevisionAnnotations.SetReplicas(json, Wish.Replicas, most);
            if (!isOther) return;
            json.Object("spec")["replicas"] = replicas;
            json.Object("metadata")["generation"] = set.Generation + 1;
        });
        if (set == New) New = scaled;
        else _old[_old.IndexOf(set)] = scaled;
        if (isOther)
        {
            var way = replicas > view.Replicas ? "up" : "down";
            _events.Normal(_target, Component, "ScalingReplicaSet", $"Scaled {way} replica set {set.Name} to {replicas} from {view.Replicas}");
        }
        return isOther;
    }

    /// <summary>Deletes the oldest ReplicaSets without pods, beyond those that are kept to go back to.</summary>
    public void CleanUp()
    {
        var kept = _old.Where(set => !set.IsDeleting).ToList();
        var surplus = kept.Count - Wish.RevisionHistoryLimit;
        if (surplus <= 0 || Wish.RevisionHistoryLimit == int.MaxValue) return;
        foreach (var set in kept.OrderBy(set => RevisionAnnotations.RevisionOf(View(set))).Take(surplus))
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

    private long NextRevision() => _old.Select(set => RevisionAnnotations.RevisionOf(View(set))).DefaultIfEmpty().Max() + 1;

    private void Note(string status, string reason, string message) =>
        _conditions = _conditions.With(DeploymentStatusRules.New("Progressing", status, reason, message, _cluster.Now));

    private JsonObject NewReplicaSet(string name, int replicas)
    {
        var deployment = _target.ToJson();
        var template = deployment.Object("spec", "template").DeepClone().AsObject();
        var labels = template.Object("metadata", "labels");
        labels[HashLabel] = Wish.TemplateHash;
        var selector = deployment.Object("spec", "selector").DeepClone().AsObject();
        selector.Object("matchLabels")[HashLabel] = Wish.TemplateHash;

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
        RevisionAnnotations.Update(set, Wish.Annotations, NextRevision());
        RevisionAnnotations.SetReplicas(set, Wish.Replicas, Wish.Replicas + Wish.Limits.Surge);
        return set;
    }

    private void WriteStatus(DeploymentStatus status)
    {
        var isNewRevision = _revision is not null && Wish.Annotations.GetValueOrDefault(RevisionAnnotations.Revision) != _revision;
        if (status.SameAs(Wish.Status) && !isNewRevision) return;
        _cluster.Write(_target, json =>
        {
            if (isNewRevision) json.Object("metadata", "annotations")[RevisionAnnotations.Revision] = _revision;
            json["status"] = status.ToJson();
        });
    }
}
