using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Controllers.Revisions;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.StatefulSets;

/// <summary>Keeps the numbered pods of each StatefulSet, and rolls its template out from the highest number down.</summary>
internal sealed class StatefulSetController(Cluster cluster, EventRecorder events, Claims claims) : Controller(cluster, ApiResources.StatefulSets, ApiResources.Pods)
{
    private const string Component = "statefulset-controller";

    // While a world is run up: the last draft of each revision, of which the next pod is a copy.
    private readonly Dictionary<string, StoredObject> _drafts = new(StringComparer.Ordinal);
    private readonly RevisionHistory _history = new(cluster, claims, "controller.kubernetes.io/hash");

    /// <inheritdoc/>
    protected override LabelSelector SelectorOf(StoredObject target) => target.As<StatefulSetView>().Selector;

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        var wish = target.As<StatefulSetView>();
        var pods = Pods(target, wish);
        var revisions = _history.List(target, wish.Selector);
        var update = _history.Sync(target, wish.TemplateHash, revisions);
        var current = revisions.Find(revision => revision.Name == wish.Status.CurrentRevision) ?? update;

        ApiStatusException? failure = null;
        if (!target.IsDeleting)
        {
            try
            {
                // While a world is run up a pod is ready as soon as it is made: then it is the next one's turn at once.
                while (Act(target, wish, pods, current, update))
                {
                }
            }
            catch (ApiStatusException refused)
            {
                (failure, pods) = (refused, Pods(target, wish));
            }
        }

        var status = Observe(target, wish, pods.Values, current.Name, update.Name);
        if (status != wish.Status) Cluster.SetStatus(target, status.ToJson());
        _history.Truncate(
            revisions,
            revision => revision.Name == update.Name || revision.Name == status.CurrentRevision || pods.Values.Any(pod => pod.As<PodView>().RevisionHash == revision.Name),
            wish.RevisionHistoryLimit);
        if (ReplicaSetRules.NextAvailability(wish.MinReady, pods.Values, Cluster.Now) is { } delay) EnqueueAfter(target, delay);
        if (failure is not null) throw failure;
    }

    /// <summary>The ordinal in a pod's name, or null when the name is not one of the set's.</summary>
    internal static int? OrdinalOf(string set, string pod)
    {
        if (pod.Length <= set.Length + 1 || pod[set.Length] != '-' || !pod.StartsWith(set, StringComparison.Ordinal)) return null;
        return int.TryParse(pod.AsSpan(set.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }

    private SortedDictionary<int, StoredObject> Pods(StoredObject target, StatefulSetView wish)
    {
        var pods = new SortedDictionary<int, StoredObject>();
        foreach (var pod in claims.Claim(target, wish.Selector, ApiResources.Pods, pod => OrdinalOf(target.Name, pod.Name) is not null)) pods[OrdinalOf(target.Name, pod.Name)!.Value] = pod;
        return pods;
    }

    /// <summary>Takes the steps that are to be taken now.</summary>
    /// <returns>Whether a pod was made.</returns>
    private bool Act(StoredObject target, StatefulSetView wish, SortedDictionary<int, StoredObject> pods, StoredObject current, StoredObject update)
    {
        var (replicas, condemned) = (new List<Replica>(), new List<Replica>());
        for (var ordinal = wish.Start; ordinal < wish.Start + wish.Replicas; ordinal++) replicas.Add(Look(ordinal, pods.GetValueOrDefault(ordinal)));
        foreach (var (ordinal, pod) in pods)
        {
            if (ordinal < wish.Start || ordinal >= wish.Start + wish.Replicas) condemned.Insert(0, Look(ordinal, pod));
        }
        var hasMade = false;
        foreach (var step in StatefulSetPlan.Next(wish, replicas, condemned))
        {
            if (step.IsCreation)
            {
                pods[step.Ordinal] = Create(target, wish, StatefulSetPlan.NeedsCurrentRevision(wish, step.Ordinal) ? current : update, step.Ordinal);
                hasMade = true;
            }
            else if (Delete(target, pods[step.Ordinal]) is { } ending)
            {
                pods[step.Ordinal] = ending;
            }
            else
            {
                pods.Remove(step.Ordinal);
            }
        }
        return hasMade;

        Replica Look(int ordinal, StoredObject? stored)
        {
            if (stored?.As<PodView>() is not { } pod) return new(ordinal, ReplicaState.Missing, IsUpdated: true);
            var state = stored.IsDeleting ? ReplicaState.Ending
                : pod.HasEnded ? ReplicaState.Ended
                : !IsRunningAndReady(pod) ? ReplicaState.Unready
                : !pod.IsAvailable(wish.MinReady, Cluster.Now) ? ReplicaState.Unavailable
                : ReplicaState.Available;
            return new(ordinal, state, pod.RevisionHash == update.Name);
        }
    }

    private StoredObject Create(StoredObject target, StatefulSetView wish, StoredObject revision, int ordinal)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{ordinal}");
        try
        {
            var pod = Cluster.CreateLike(ApiResources.Pods, target.Namespace, () => Make(target, wish, revision, ordinal, name), () => Copy(revision, ordinal, name), out var draft);
            if (draft is not null) _drafts[revision.Uid] = draft;
            else _drafts.Clear();
            events.Normal(target, Component, "SuccessfulCreate", $"create Pod {name} in StatefulSet {target.Name} successful");
            return pod;
        }
        catch (ApiStatusException refused)
        {
            events.Warning(target, Component, "FailedCreate", $"create Pod {name} in StatefulSet {target.Name} failed error: {refused.Message}");
            throw;
        }
    }

    private static JsonObject Make(StoredObject target, StatefulSetView wish, StoredObject revision, int ordinal, string name)
    {
        var pod = RevisionHistory.Template(target, revision).Make(name);
        Number(pod.Object("metadata"), ordinal, name)["controller-revision-hash"] = revision.Name;
        var spec = pod.Object("spec");
        spec["hostname"] = name;
        if (wish.ServiceName.Length > 0) spec["subdomain"] = wish.ServiceName;
        foreach (var claim in wish.VolumeClaims)
        {
            var volumes = spec.List("volumes");
            foreach (var shadowed in volumes.OfType<JsonObject>().Where(volume => volume.Text("name") == claim).ToList()) volumes.Remove(shadowed);
            volumes.Add(new JsonObject { ["name"] = claim, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{claim}-{name}" } });
        }
        return pod;
    }

    /// <summary>The pod of another number of the same revision, made at the same time; null where there is none, or where its name is spoken of in its spec, as in that of a volume.</summary>
    private StoredObject? Copy(StoredObject revision, int ordinal, string name)
    {
        if (!_drafts.TryGetValue(revision.Uid, out var draft) || JsonAccess.Timestamp(draft.Metadata.Created) != JsonAccess.Timestamp(Cluster.Now) || draft.WishSpeaksOfName()) return null;
        var metadata = draft.Metadata.ToJson();
        metadata["name"] = name;
        metadata["uid"] = Cluster.NewUid();
        Number(metadata, ordinal, name);
        return Cluster.Store.DraftMetadata(draft, metadata, hostname: name);
    }

    private static JsonObject Number(JsonObject metadata, int ordinal, string name)
    {
        var labels = metadata.Object("labels");
        labels["statefulset.kubernetes.io/pod-name"] = name;
        labels["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture);
        return labels;
    }

    /// <returns>The pod, as long as it is about to end; null when it is gone.</returns>
    private StoredObject? Delete(StoredObject target, StoredObject pod)
    {
        if (pod.As<PodView>().Phase == "Failed")
            events.Warning(target, Component, "RecreatingFailedPod", $"StatefulSet {target.Namespace}/{target.Name} is recreating failed Pod {pod.Name}");
        else if (pod.As<PodView>().HasEnded)
            events.Normal(target, Component, "RecreatingTerminatedPod", $"StatefulSet {target.Namespace}/{target.Name} is recreating terminated Pod {pod.Name}");
        try
        {
            var (ending, isGone) = Cluster.Delete(pod);
            events.Normal(target, Component, "SuccessfulDelete", $"delete Pod {pod.Name} in StatefulSet {target.Name} successful");
            return isGone ? null : ending;
        }
        catch (ApiStatusException refused)
        {
            events.Warning(target, Component, "FailedDelete", $"delete Pod {pod.Name} in StatefulSet {target.Name} failed error: {refused.Message}");
            throw;
        }
    }

    private StatefulSetStatus Observe(StoredObject target, StatefulSetView wish, SortedDictionary<int, StoredObject>.ValueCollection pods, string current, string update)
    {
        var staying = pods.Where(pod => !pod.IsDeleting).Select(pod => pod.As<PodView>()).ToList();
        var ready = pods.Select(pod => pod.As<PodView>()).Where(IsRunningAndReady).ToList();
        var status = new StatefulSetStatus
        {
            ObservedGeneration = target.Generation,
            Replicas = pods.Count,
            Ready = ready.Count,
            Available = ready.Count(pod => pod.IsAvailable(wish.MinReady, Cluster.Now)),
            Current = staying.Count(pod => pod.RevisionHash == current),
            Updated = staying.Count(pod => pod.RevisionHash == update),
            CurrentRevision = current,
            UpdateRevision = update,
        };
        // Complete: what was the update is the current state.
        return !wish.IsOnDelete && status.Updated == status.Replicas && status.Ready == status.Replicas
            ? status with { Current = status.Updated, CurrentRevision = update }
            : status;
    }

    private static bool IsRunningAndReady(PodView pod) => pod is { Phase: "Running", IsReady: true };
}
