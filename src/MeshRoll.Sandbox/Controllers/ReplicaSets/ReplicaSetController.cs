using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.ReplicaSets;

/// <summary>Keeps the number of pods of each ReplicaSet, and says how they are.</summary>
internal sealed class ReplicaSetController(Cluster cluster, EventRecorder events, Claims claims) : Controller(cluster, ApiResources.ReplicaSets, ApiResources.Pods)
{
    private const string Component = "replicaset-controller";

    /// <inheritdoc/>
    protected override bool HeedsOwnReport(StoredObject before, StoredObject after) => false;

    /// <inheritdoc/>
    protected override LabelSelector SelectorOf(StoredObject target) => target.As<ReplicaSetView>().Selector;

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        var wish = target.As<ReplicaSetView>();
        var pods = claims.Claim(target, wish.Selector, ApiResources.Pods).Where(pod => pod.As<PodView>().IsActive).ToList();
        var failure = target.IsDeleting ? null : Resize(target, wish, pods);

        var status = ReplicaSetRules.Observe(wish, target.Generation, pods, failure?.Condition, Cluster.Now);
        if (!status.SameAs(wish.Status) && Cluster.Store.Find(Resource, target.Namespace, target.Name) is { } present)
            Cluster.SetStatus(present, status.ToJson());
        if (ReplicaSetRules.NextAvailability(wish.MinReady, pods, Cluster.Now) is { } delay) EnqueueAfter(target, delay);
        if (failure is not null) throw failure.Cause;
    }

    /// <summary>Makes or deletes pods; what is told of them afterwards is of those there were before, as the real one does.</summary>
    private Failure? Resize(StoredObject target, ReplicaSetView wish, List<StoredObject> pods)
    {
        try
        {
            if (pods.Count < wish.Replicas) Create(target, wish.Replicas - pods.Count);
            else if (pods.Count > wish.Replicas) Delete(target, Victims(target, pods, pods.Count - wish.Replicas));
            return null;
        }
        catch (ApiStatusException refused)
        {
            var reason = pods.Count < wish.Replicas ? "FailedCreate" : "FailedDelete";
            return new(refused, new("ReplicaFailure", "True", reason, refused.Message) { LastTransitionTime = Cluster.Now });
        }
    }

    private void Create(StoredObject target, int count)
    {
        var template = PodTemplates.Of(target);
        try
        {
            foreach (var pod in Cluster.CreateSeveral(ApiResources.Pods, target.Namespace, () => template.Make(generateName: target.Name + "-"), count))
                events.Normal(target, Component, "SuccessfulCreate", $"Created pod: {pod.Name}");
        }
        catch (ApiStatusException refused)
        {
            events.Warning(target, Component, "FailedCreate", $"Error creating: {refused.Message}");
            throw;
        }
    }

    private void Delete(StoredObject target, IEnumerable<StoredObject> victims)
    {
        foreach (var pod in victims)
        {
            try
            {
                Cluster.Delete(pod);
                events.Normal(target, Component, "SuccessfulDelete", $"Deleted pod: {pod.Name}");
            }
            catch (ApiStatusException refused)
            {
                events.Warning(target, Component, "FailedDelete", $"Error deleting: {refused.Message}");
                throw;
            }
        }
    }

    private IEnumerable<StoredObject> Victims(StoredObject target, List<StoredObject> pods, int count)
    {
        if (count >= pods.Count) return pods;
        var crowds = Family(target).Where(pod => pod.As<PodView>().IsActive).GroupBy(pod => pod.As<PodView>().NodeName).ToDictionary(node => node.Key, node => node.Count());
        return pods
            .OrderBy(pod => new VictimRanking.Candidate(pod.Uid, pod.As<PodView>(), crowds.GetValueOrDefault(pod.As<PodView>().NodeName)), new VictimRanking(Cluster.Now))
            .Take(count);
    }

    /// <summary>The pods of all ReplicaSets of the same owner: pods should not be crowded on one node.</summary>
    private IEnumerable<StoredObject> Family(StoredObject target)
    {
        IEnumerable<StoredObject> sets = target.ControllerUid.Length == 0 ? [target] : Cluster.Store.OwnedBy(target.ControllerUid, ApiResources.ReplicaSets);
        return sets.SelectMany(set => Cluster.Store.OwnedBy(set.Uid, ApiResources.Pods));
    }

    private sealed record Failure(ApiStatusException Cause, Condition Condition);
}
