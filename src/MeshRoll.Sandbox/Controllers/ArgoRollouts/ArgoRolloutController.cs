using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Api.Subresources;
using MeshRoll.Sandbox.Controllers.Deployments;
using MeshRoll.Sandbox.Controllers.ReplicaSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers.ArgoRollouts;

/// <summary>
/// Argo's controller, as far as restarts need it: a Rollout's template is rolled out as a Deployment's is (a canary without steps), whatever its
/// strategy, and <c>spec.restartAt</c> has its older pods evicted.
/// </summary>
internal sealed class ArgoRolloutController(Cluster cluster, EventRecorder events, Claims claims) : Controller(cluster, ApiResources.ArgoRollouts, ApiResources.ReplicaSets)
{
    // restart.go, restartPodCheckTime.
    private static readonly TimeSpan RestartCheck = TimeSpan.FromSeconds(30);

    // A budget that allows nothing for so many tries will not for more; virtual time does not run for its sake.
    private const int ChecksInForeground = 40;

    private readonly EvictionSubresource _eviction = new(cluster);
    private readonly Dictionary<string, int> _fruitless = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override LabelSelector SelectorOf(StoredObject target) => target.As<ArgoRolloutView>().Wish.Selector;

    /// <inheritdoc/>
    protected override void Observe(StoreChange change)
    {
        base.Observe(change);
        if (change.Object.Resource == Resource && change.Type == ChangeType.Deleted) _fruitless.Remove(change.Object.Uid);
    }

    /// <inheritdoc/>
    protected override void Reconcile(StoredObject target)
    {
        var view = target.As<ArgoRolloutView>();
        var wish = view.Wish;
        if (wish.Selector.IsEverything || target.IsDeleting) return;

        var restarted = view.RestartedAt;
        var pass = new DeploymentPass(
            Cluster, events, target, wish, claims.Claim(target, wish.Selector, ApiResources.ReplicaSets), RolloutDialect.Argo, (pass, status) => Describe(target, view, pass, status, restarted));
        pass.SyncNew();
        if (wish.IsPaused || pass.WasScaled)
        {
            RollingUpdate.Rescale(pass);
            pass.SyncStatus();
            return;
        }
        RollingUpdate.RollOut(pass);
        if (view.NeedsRestart && Restart(target, view, pass)) restarted = view.RestartAt;
        var status = pass.SyncRolloutStatus();
        if (DeploymentStatusRules.NextProgressCheck(wish, status, Cluster.Now) is { } delay) EnqueueAfter(target, delay);
    }

    /// <summary>Evicts older pods, as many as may go now.</summary>
    /// <returns>Whether no older pod is left that is not on its way.</returns>
    private bool Restart(StoredObject target, ArgoRolloutView view, DeploymentPass pass)
    {
        var at = view.RestartAt!.Value;
        if (at > Cluster.Now)
        {
            EnqueueAfter(target, at - Cluster.Now);
            return false;
        }
        var sets = pass.All.OrderBy(set => HashOf(set) != view.StableHash).ThenBy(set => set != pass.New).ThenBy(set => set.As<ReplicaSetView>().Created).ToList();
        var pods = sets.SelectMany(set => Cluster.Store.OwnedBy(set.Uid, ApiResources.Pods).OrderBy(pod => pod.Name, StringComparer.Ordinal)).ToList();
        var minReady = TimeSpan.FromSeconds(view.Wish.MinReadySeconds);
        var available = pods.Count(pod => !pod.IsDeleting && pod.As<PodView>().IsAvailable(minReady, Cluster.Now));
        var may = ArgoRolloutRules.MayRestart(view.Wish.Replicas, sets.Sum(set => set.As<ReplicaSetView>().Replicas), available, view.Wish.Limits.Unavailable);

        var (older, evicted) = (0, 0);
        foreach (var pod in pods.Where(pod => pod.As<PodView>().Created < at))
        {
            older++;
            if (evicted < may && !pod.IsDeleting && TryEvict(pod)) evicted++;
        }
        if (older == evicted)
        {
            _fruitless.Remove(target.Uid);
            return true;
        }
        var fruitless = evicted > 0 ? 0 : _fruitless.GetValueOrDefault(target.Uid) + 1;
        _fruitless[target.Uid] = fruitless;
        EnqueueAfter(target, RestartCheck, background: fruitless > ChecksInForeground);
        return false;
    }

    private bool TryEvict(StoredObject pod)
    {
        try
        {
            _eviction.Evict(pod, DeleteOptions.Default);
            return true;
        }
        catch (ApiStatusException refused) when (refused.Code == 429)
        {
            return false;
        }
    }

    private static string HashOf(StoredObject set) => set.Labels.GetValueOrDefault(RolloutDialect.Argo.HashLabel) ?? "";

    private static JsonObject? Describe(StoredObject target, ArgoRolloutView view, DeploymentPass pass, DeploymentStatus status, DateTimeOffset? restarted)
    {
        var isComplete = DeploymentStatusRules.IsComplete(view.Wish, status);
        var stable = isComplete || view.StableHash.Length == 0 ? view.Wish.TemplateHash : view.StableHash;
        var (phase, message) = ArgoRolloutRules.Phase(view.Wish, status, stable == view.Wish.TemplateHash);
        var json = (status with { ObservedGeneration = 0, Unavailable = 0 }).ToJson();
        json["HPAReplicas"] = status.Replicas;
        if (view.IsBlueGreen) json["blueGreen"] = new JsonObject { ["activeSelector"] = stable };
        else json["canary"] = new JsonObject();
        json["currentPodHash"] = view.Wish.TemplateHash;
        json["observedGeneration"] = target.Generation.ToString(CultureInfo.InvariantCulture);
        json["phase"] = phase;
        json.SetUnlessEmpty("message", message);
        if (restarted is { } time) json["restartedAt"] = JsonAccess.Timestamp(time);
        json["selector"] = view.Wish.Selector.ToString();
        json["stableRS"] = stable;
        return JsonNode.DeepEquals(json, target.ToJson()["status"]) ? null : json;
    }
}
